import { runCheck } from '../../src/action.ts';
import { check } from '../../src/stages/check.ts';

await runCheck(check);
