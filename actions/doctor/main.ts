import { runAction } from '../../src/action.ts';
import { doctor } from '../../src/stages/doctor.ts';

await runAction(doctor);
