import { runAction } from '../../src/action.ts';
import { numberOf } from '../../src/inputs.ts';
import { comment } from '../../src/stages/comment.ts';

await runAction((run) => comment(run, numberOf('comment', 'a comment')));
