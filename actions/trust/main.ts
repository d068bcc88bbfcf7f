import { runAction } from '../../src/action.ts';
import { trust } from '../../src/stages/trust.ts';

await runAction(trust);
