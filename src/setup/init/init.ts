import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { readRecipes, readSettings } from '../../recipes/read.ts';
import type { Answers, Known } from './answers.ts';
import type { Choice } from './questions.ts';
import { type Change, editSchedules, editSettings } from './settings-file.ts';

/** What an init would do to the repository's files. */
export interface InitPlan {
  readonly changes: readonly Change[];
  readonly writes: readonly { readonly path: string; readonly text: string }[];
  /** Title files of applications that the fleet does not have. */
  readonly deletes: readonly string[];
}

const settingsFile = 'recipes/patchbot.yaml';

/** Works out what the answers change in the files. Changes nothing. */
export async function planInit(folder: string, answers: Answers): Promise<InitPlan> {
  const before = await text(join(folder, settingsFile));
  const settings = editSettings(before, answers);
  const writes = settings.text === before ? [] : [{ path: settingsFile, text: settings.text }];
  const workflows = '.github/workflows';
  for (const name of await readdir(join(folder, workflows)).catch(() => [])) {
    const path = `${workflows}/${name}`;
    const workflow = (await text(join(folder, path))) ?? '';
    const edited = editSchedules(workflow, answers.timeZone);
    if (edited !== workflow) writes.push({ path, text: edited });
  }
  const kept = answers.titles;
  const titles = await catalogOf(folder);
  return {
    changes: settings.changes,
    writes,
    deletes: kept
      ? titles
          .filter(({ slug }) => !kept.includes(slug))
          .map(({ slug }) => `recipes/titles/${slug}.yaml`)
      : [],
  };
}

/** Does what was planned; git has what was there before. */
export async function doInit(folder: string, plan: InitPlan): Promise<void> {
  for (const { path, text } of plan.writes) await writeFile(join(folder, path), text);
  for (const path of plan.deletes) await rm(join(folder, path), { force: true });
}

/** The applications that the repository knows. */
export async function catalogOf(folder: string): Promise<readonly Choice[]> {
  const recipes = await readRecipes(folder).catch(() => undefined);
  return (recipes?.titles ?? []).map(({ slug, name }) => ({ slug, name }));
}

/** What most people answer: what the file says already, and a week's test where it says nothing. */
export async function usualAnswers(folder: string): Promise<Known> {
  const settings = await readSettings(folder).catch(() => undefined);
  const soak = settings?.soak;
  const channels = settings?.channels;
  const silent = channels ? 'none' : 'teams';
  return {
    timeZone: settings?.['time-zone'] ?? hereNow(),
    soak: soak?.days === 0 ? '0' : soak ? `${soak.days} ${soak.kind}` : '7 days',
    windows: windowsIn(await text(join(folder, settingsFile))),
    channels: {
      admins: channels?.admins ?? silent,
      testers: channels?.testers ?? silent,
      everyone: channels?.everyone ?? silent,
    },
  };
}

/** The time zone of this machine. */
export function hereNow(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The windows as they are written. */
function windowsIn(settings: string | undefined): readonly string[] {
  const written = z
    .object({ windows: z.array(z.string()) })
    .safeParse(parseDocument(settings ?? '').toJS());
  return written.success ? written.data.windows : ['Mon-Thu 08:00-16:00'];
}

async function text(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
