import {
  type Judged,
  judge,
  type Met,
  readTroubles,
  troublesPath,
  troublesText,
} from '../state/troubles.ts';
import { momentOf, type Run, trailersOf } from './run.ts';

/** How often main may move under us before we let it be. */
const attempts = 20;

/** What of the troubles is to be told now, and how to remember that it was. */
export interface Remembered<Now extends Met> {
  readonly tell: Judged<Now>['tell'];
  /** Commits what is remembered, if that has changed; never throws. */
  remember(): Promise<void>;
}

/**
 * Looks up which troubles have been told already. Where that can't be read or written, everything is
 * told: twice is better than never.
 */
export async function recall<Now extends Met>(
  run: Run,
  stage: string,
  now: readonly Now[],
): Promise<Remembered<Now>> {
  const { github } = run;
  const { today } = momentOf(run);
  const covers = (title: string) => !run.only || run.only.some((one) => one === title);
  const look = async () => {
    const parent = await github?.head();
    const text = parent && (await github?.readFile(troublesPath, parent));
    return { parent, text, judged: judge(readTroubles(text), stage, now, covers, today) };
  };
  try {
    const { judged } = await look();
    return { tell: judged.tell, remember };
  } catch (error) {
    run.log(`What was told before can not be read: ${messageOf(error)}`);
    return { tell: now.map((met) => ({ met })), remember: async () => undefined };
  }

  async function remember(): Promise<void> {
    try {
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const { parent, text, judged } = await look();
        const after = troublesText(judged.troubles);
        if (!github || !parent || after === (text ?? null)) return;
        const committed = await github.commit({
          branch: github.base,
          parent,
          files: new Map([[troublesPath, after]]),
          message: [`${stage}: note what goes wrong`, '', ...trailersOf(run)].join('\n'),
        });
        if (committed !== 'moved') return;
      }
      run.log(`${github?.base} moved ${attempts} times: what was told is not noted`);
    } catch (error) {
      run.log(`What was told can not be noted: ${messageOf(error)}`);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
