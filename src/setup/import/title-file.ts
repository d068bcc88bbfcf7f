import { Document } from 'yaml';
import type { Slug } from '../../lifecycle/title.ts';
import { titleOf } from '../../recipes/defaults.ts';
import { readTitle } from '../../recipes/read.ts';
import type { SettingsFile, TitleFile } from '../../recipes/schema.ts';
import { oneLine } from '../../text/one-line.ts';
import type { WantedTitle } from './wanted.ts';

/**
 * The text of a title's file. What the settings say anyway is left out, so that the file says only
 * what is special about the title.
 *
 * @throws Error when the title can't be written so that PatchBot reads it.
 */
export function titleFileText(slug: Slug, wanted: WantedTitle, settings: SettingsFile): string {
  const needsName =
    wanted.patch === 'none' || /^\d+$/.test(wanted.patch) || wanted.name !== wanted.patch;
  const least = {
    recipe: wanted.recipe,
    patch: wanted.patch,
    category: wanted.category,
    ...(needsName && { name: wanted.name }),
  };
  const usual = titleOf(slug, wanted.name, least as TitleFile, settings);
  const [ring] = usual.rings;
  const names = { ...usual.policies, test: ring.policy };
  const policies = Object.fromEntries(
    Object.entries(wanted.policies).filter(
      ([whose, name]) => name !== names[whose as keyof typeof names],
    ),
  );
  const differs =
    wanted.soak !== undefined && (ring.soak.days !== wanted.soak || ring.soak.kind !== 'days');
  const document = new Document({
    ...least,
    ...(Object.keys(policies).length > 0 && { policies }),
    ...(differs && { soak: wanted.soak === 0 ? 0 : `${wanted.soak} days` }),
    ...(wanted.deadline !== undefined &&
      wanted.deadline !== usual.deadline.production && {
        deadline: { production: wanted.deadline },
      }),
    ...(wanted.windows && { windows: wanted.windows }),
  });
  if (document.contents)
    document.contents.commentBefore = [
      ' yaml-language-server: $schema=../../schemas/title.schema.json',
      ` Brought over from ${oneLine(wanted.from.join(', '))}.`,
    ].join('\n');
  const text = document.toString({ lineWidth: 0 });
  const read = readTitle(text, `recipes/titles/${slug}.yaml`, settings);
  if ('problems' in read) throw new Error(read.problems.map(({ message }) => message).join('; '));
  return text;
}
