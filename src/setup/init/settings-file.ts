import { type Document, isMap, parseDocument } from 'yaml';
import { settingsSchema } from '../../recipes/schema.ts';
import { parseChecked, problemText } from '../../yaml/checked.ts';
import { type Answers, audiences } from './answers.ts';

const file = 'recipes/patchbot.yaml';

/** A setting that an answer changes, as it is written before and after. */
export interface Change {
  readonly key: string;
  readonly before?: string;
  readonly after?: string;
}

/**
 * The text of recipes/patchbot.yaml with the answers in it: comments, the order of keys and all other
 * settings stay.
 *
 * @param text the file as it is; absent when there is none.
 * @throws Error when the file is broken, or would be with these answers.
 */
export function editSettings(
  text: string | undefined,
  answers: Pick<Answers, 'timeZone' | 'soak' | 'windows' | 'channels'>,
): { readonly text: string; readonly changes: readonly Change[] } {
  const document = text === undefined ? newDocument() : parseDocument(text);
  const [broken] = document.errors;
  if (broken) throw new Error(`${file} is no YAML: ${broken.message.split('\n')[0]}`);
  if (!isMap(document.contents)) document.contents = document.createNode({}) as never;

  const changes: Change[] = [];
  const set = (path: readonly string[], value: unknown) => {
    const before = document.getIn(path);
    const written = before === undefined ? undefined : shown(before);
    if (value === undefined ? before === undefined : written === shown(value)) return;
    changes.push({
      key: path.join('.'),
      ...(written !== undefined && { before: written }),
      ...(value !== undefined && { after: shown(value) }),
    });
    if (value === undefined) document.deleteIn(path);
    else if (typeof value === 'object') document.setIn(path, document.createNode(value));
    else document.setIn(path, value);
  };
  set(['time-zone'], answers.timeZone);
  set(['soak'], answers.soak === '0' ? 0 : answers.soak);
  set(['windows'], [...answers.windows]);
  for (const audience of audiences) {
    const kind = answers.channels[audience];
    set(['channels', audience], kind === 'none' ? undefined : kind);
  }
  const channels = document.get('channels');
  if (isMap(channels) && channels.items.length === 0) document.delete('channels');

  const edited =
    changes.length === 0 && text !== undefined ? text : document.toString({ lineWidth: 0 });
  const checked = parseChecked(edited, file, settingsSchema);
  if (!checked.ok) throw new Error(checked.problems.map(problemText).join('\n'));
  return { text: edited, changes };
}

function newDocument(): Document.Parsed {
  return parseDocument(
    "# yaml-language-server: $schema=../schemas/patchbot.schema.json\n# What holds for every title. A title's own file in titles/ may say otherwise.\n\ntime-zone: UTC\n",
  );
}

function shown(value: unknown): string {
  return JSON.stringify(value).replaceAll('"', '');
}

/** The time zones in which workflows start are those of the people who are on call, too. */
export function editSchedules(workflow: string, timeZone: string): string {
  return workflow.replace(
    /^(\s+timezone:\s*)(['"]?)[A-Za-z0-9_+/-]+\2(\s*(?:#.*)?)$/gm,
    `$1${timeZone}$3`,
  );
}
