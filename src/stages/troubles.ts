import {
  type Judged,
  judge,
  type Met,
  readTroubles,
  type Trouble,
  troublesPath,
  troublesText,
} from '../state/troubles.ts';
import { oneLine } from '../text/one-line.ts';
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
          message: [
            subjectOf(stage, readTroubles(text), judged.troubles),
            '',
            ...trailersOf(run),
          ].join('\n'),
        });
        if (committed !== 'moved') return;
      }
      run.log(`${github?.base} moved ${attempts} times: what was told is not noted`);
    } catch (error) {
      run.log(`What was told can not be noted: ${messageOf(error)}`);
    }
  }
}

/**
 * What the commit notes, with the first titles that it is about: "build: note what goes wrong with slack,
 * zoom", or "build: forget what went wrong with slack" when nothing is new.
 */
function subjectOf(stage: string, before: readonly Trouble[], after: readonly Trouble[]): string {
  const isAs = (one: Trouble) => (other: Trouble) =>
    one.title === other.title && one.error === other.error && one.told.equals(other.told);
  const noted = after.filter((one) => !before.some(isAs(one)));
  const gone = before.filter((one) => !after.some(isAs(one)));
  const what = noted.length > 0 ? 'note what goes wrong' : 'forget what went wrong';
  const titles = [...new Set((noted.length > 0 ? noted : gone).map(({ title }) => title))].sort();
  if (titles.length === 0) return `${stage}: ${what}`;
  const named = titles.slice(0, 3).map((title) => oneLine(title, 60));
  const more = titles.length > named.length ? ` and ${titles.length - named.length} more` : '';
  return `${stage}: ${what} with ${named.join(', ')}${more}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
