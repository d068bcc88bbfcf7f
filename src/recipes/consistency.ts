import type { Slug, Title } from '../lifecycle/title.ts';
import type { Checked, Problem } from '../yaml/checked.ts';
import type { SettingsFile, TitleFile } from './schema.ts';

/*
 * What no schema of a single value sees: that files agree with one another.
 */

/** Makes a problem at a place of the file that is looked at. */
type ProblemAt = Extract<Checked<unknown>, { ok: true }>['problem'];

/**
 * Freezes and tag sections in patchbot.yaml that are for nobody: a slip of the pen, or a title that is
 * gone. Without a word about it, somebody would trust in a freeze that is none.
 *
 * @param files the short names of all title files, the broken ones included.
 */
export function strangers(
  all: SettingsFile,
  titles: readonly Title[],
  files: readonly string[],
  problem: ProblemAt,
): Problem[] {
  // A title whose file is broken may well have the tag.
  const isWhole = titles.length === files.length;
  const tags = new Set(titles.flatMap((title) => title.tags));
  const noTag = (tag: string) =>
    isWhole && !tags.has(tag)
      ? `no title has the tag "${tag}": give it to those that are meant ("tags: [${tag}]" in their files), or delete it here`
      : undefined;
  const noTitle = (slug: string) =>
    files.includes(slug)
      ? undefined
      : `there is no recipes/titles/${slug}.yaml: write the short name of a title`;
  const found: Problem[] = [];
  const check = (path: readonly (string | number)[], message: string | undefined) => {
    if (message !== undefined) found.push(problem(path, message));
  };
  for (const [index, freeze] of (all.freezes ?? []).entries()) {
    for (const [at, tag] of (freeze.tags ?? []).entries())
      check(['freezes', index, 'tags', at], noTag(tag));
    for (const [at, slug] of (freeze.titles ?? []).entries())
      check(['freezes', index, 'titles', at], noTitle(slug));
  }
  for (const tag of Object.keys(all.tags ?? {})) check(['tags', tag], noTag(tag));
  return found;
}

/** What a title says of patch policies of rings that it does not have, or has several of. */
export function wrongRings(
  file: TitleFile,
  { rings }: Title,
): { path: readonly string[]; message: string } | undefined {
  const names = rings.map(({ name }) => name).join(', ');
  if (rings.length > 1 && file.policies?.test !== undefined)
    return {
      path: ['policies', 'test'],
      message: `the title has the rings ${names}: name the patch policy of each under "rings"`,
    };
  const unknown = Object.keys(file.policies?.rings ?? {}).find(
    (ring) => !rings.some(({ name }) => name === ring),
  );
  if (unknown !== undefined)
    return {
      path: ['policies', 'rings', unknown],
      message: `the title has no ring "${unknown}": its rings are ${names}`,
    };
  const twice = rings.find(({ policy }, index) =>
    rings.some((other, at) => at < index && other.policy === policy),
  );
  return (
    twice && {
      path: ['policies'],
      message: `two of its rings have the patch policy "${twice.policy}": write {ring} into "names: {test: …}" in recipes/patchbot.yaml, or name them under "policies: {rings: …}" here`,
    }
  );
}

/** Two titles must not move the same policies: each would undo what the other does. */
export function clashes(titles: readonly Title[]): Problem[] {
  const seen = new Map<string, Slug>();
  const problems: Problem[] = [];
  for (const title of titles) {
    const keys = [
      ...(title.patch === 'none' ? [] : [`patch title "${title.patch}"`]),
      ...(title.policies.install === 'none' ? [] : [`install policy "${title.policies.install}"`]),
    ];
    for (const key of keys) {
      const other = seen.get(key);
      if (other)
        problems.push({
          file: `recipes/titles/${title.slug}.yaml`,
          line: 1,
          column: 1,
          title: title.slug,
          message: `the ${key} already belongs to the title ${other}: delete one of the two files, or name another in this one`,
        });
      else seen.set(key, title.slug);
    }
  }
  return problems;
}
