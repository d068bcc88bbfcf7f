import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Document } from 'yaml';
import { resolved } from '../autopkg/addresses.ts';
import { diffOf } from '../autopkg/diff.ts';
import { type MadeOverride, makeOverride } from '../autopkg/make-override.ts';
import { shortName } from '../autopkg/repository.ts';
import { type AddProposal, addBody, addTitle, type WantedRequest } from '../github/github.ts';
import { slug, type Title } from '../lifecycle/title.ts';
import { readSettings, readTitle } from '../recipes/read.ts';
import { problemText } from '../yaml/checked.ts';
import { gatherJamf } from './gather.ts';
import { Outcome } from './outcome.ts';
import { guessPatchTitle } from './patch-title.ts';
import { type Run, repositoryOf, trailersOf } from './run.ts';
import { findingsOf } from './title-check.ts';
import { openCatalog } from './trusted.ts';

/** What a person says of a new title. */
export interface NewTitle {
  /** The name or identifier of a recipe in the pinned repositories. */
  readonly recipe: string;
  /** The patch title in Jamf Pro, or `none`; looked for by the recipe's product when left out. */
  readonly patch?: string;
  readonly category?: string;
  /** The name for people. */
  readonly name?: string;
  /** Write the files here, for a commit by hand, instead of opening a pull request. */
  readonly here: boolean;
}

/** The two files that a new title is. */
interface Files {
  readonly title: Title;
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * Adds a title: finds its recipe in the pinned repositories, makes the override with its trust info and
 * the title file, says what Jamf Pro lacks for it, and asks for it all by a pull request.
 *
 * @throws Error that says what can't be found or must be told.
 */
export async function add(run: Run, wanted: NewTitle): Promise<Outcome> {
  const outcome = new Outcome('add', run.dryRun);
  if (!run.dryRun && !wanted.here) repositoryOf(run);
  const catalog = openCatalog(run, outcome);
  if (!catalog) return outcome;
  const made = await makeOverride(catalog, wanted.recipe);
  const files = await filesOf(run, wanted, made);
  const { title } = files;
  for (const path of files.texts.keys()) await mustBeNew(run, path);
  const lacking = await lackingInJamf(run, title);
  for (const risk of made.risks) outcome.add(title, 'warned', risk);
  for (const text of lacking ?? ['Jamf Pro was not asked: JAMF_URL is not set'])
    outcome.add(title, 'warned', text);
  if (run.dryRun) outcome.did(title, `would be added, built by ${made.name}`);
  else if (wanted.here) {
    for (const [path, text] of files.texts) await writeNew(join(run.folder, path), text);
    outcome.did(title, `is in ${[...files.texts.keys()].join(' and ')}: read them, and commit`);
  } else {
    const request = await requestOf(run, files, made, lacking);
    const { number, url } = (await repositoryOf(run).requests.ensure(request)).request;
    outcome.did(title, `waits to be read and merged in #${number}`, undefined, url);
  }
  return outcome;
}

async function filesOf(run: Run, wanted: NewTitle, made: MadeOverride): Promise<Files> {
  const settings = await readSettings(run.folder);
  const input = resolved(made.chain).input['NAME'];
  const product = typeof input === 'string' ? input : made.name.replace(/\..*$/, '');
  const patch = wanted.patch ?? (await patchTitleOf(run, product));
  const needsName = patch === 'none' || /^\d+$/.test(patch);
  const name = wanted.name ?? (needsName ? product : patch);
  const short = slug(
    name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, ''),
  );
  const document = new Document({
    recipe: made.name,
    patch,
    ...(wanted.category !== undefined && { category: wanted.category }),
    ...(name !== patch && { name }),
  });
  if (document.contents)
    document.contents.commentBefore =
      ' yaml-language-server: $schema=../../schemas/title.schema.json';
  const text = document.toString({ lineWidth: 0 });
  const path = `recipes/titles/${short}.yaml`;
  const read = readTitle(text, path, settings);
  if ('problems' in read)
    throw new Error(
      `the title can't be written: ${read.problems.map(problemText).join('; ')} (see patchbot add --help)`,
    );
  const override = `recipes/overrides/${made.name}.recipe`;
  return {
    title: read.title,
    texts: new Map([
      [path, text],
      [override, made.text],
    ]),
  };
}

async function patchTitleOf(run: Run, product: string): Promise<string> {
  const guess = guessPatchTitle(product, await run.jamf.patchTitles());
  if (guess.guess === 'one') return guess.name;
  const near = guess.near.map((name) => `"${name}"`).join(', ');
  throw new Error(
    `which patch title in Jamf Pro is ${product}? ${near ? `These are near: ${near}. ` : ''}Say it with --patch; add it first under Computers > Patch management if it isn't there, or say --patch none`,
  );
}

async function mustBeNew(run: Run, path: string): Promise<void> {
  const there = await access(join(run.folder, path)).then(
    () => true,
    () => false,
  );
  if (there)
    throw new Error(`${path} is there already: change it, or say --name for another title`);
}

async function writeNew(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: 'wx' });
}

/** What Jamf Pro lacks for a title; undefined when it can't be asked, for it is not known here. */
async function lackingInJamf(run: Run, title: Title): Promise<readonly string[] | undefined> {
  try {
    void run.jamf;
  } catch {
    return undefined;
  }
  const looked = new Outcome('add', true);
  const [found] = await gatherJamf(run, looked, [{ title, state: {} }]);
  const findings = await findingsOf(run, title, found);
  return [...looked.failures.map(({ message }) => message), ...findings.map(({ text }) => text)];
}

async function requestOf(
  run: Run,
  { title, texts }: Files,
  made: MadeOverride,
  lacking: readonly string[] | undefined,
): Promise<WantedRequest> {
  const branch = `patchbot-add/${title.slug}`;
  const proposal: AddProposal = {
    title: title.name,
    recipe: made.name,
    files: await Promise.all(
      made.files.map(async ({ url, path, kind, bytes }) => {
        const diff = await diffOf({ after: bytes });
        return {
          name: `${shortName(url)}: ${path}`,
          kind,
          change: 'added' as const,
          ...(diff !== undefined && { diff }),
          titles: [title.name],
        };
      }),
    ),
    risks: made.risks.map((text) => ({ title: title.name, text })),
    ...(lacking && { lacking }),
    marker: `add:${title.slug}`,
  };
  const heading = addTitle(proposal);
  return {
    branch,
    marker: proposal.marker,
    title: heading,
    body: addBody(proposal),
    labels: ['new title'],
    reviewers: run.recipes.settings.reviewers,
    files: new Map([...texts].map(([path, text]) => [path, () => text])),
    message: [heading, '', ...trailersOf(run)].join('\n'),
  };
}
