import { describe, expect, it } from 'vitest';
import type { Chain, PinnedProcessor } from '../../src/autopkg/chain.ts';
import { isCoreProcessor } from '../../src/autopkg/core-processors.ts';
import { parseRecipe } from '../../src/autopkg/recipe-file.ts';
import { risksOf, type Seen } from '../../src/autopkg/risks.ts';
import type { PinnedFile, PinnedRecipe } from '../../src/autopkg/shelf.ts';
import type { RunFile } from '../../src/autopkg/what-runs.ts';
import { plist } from './stamp-recipes.ts';

const url = 'https://recipes.example/acme/recipes';
const place = (path: string): PinnedFile => ({
  path,
  checkout: { repository: { url, commit: '0'.repeat(40) }, folder: '/', entries: new Map() },
});

/** A recipe that runs these steps. */
const recipe = (steps: string, input = '') =>
  plist(`	<key>Identifier</key>
	<string>com.example.download.App</string>
	<key>Input</key>
	<dict>
		<key>NAME</key>
		<string>App</string>
		<key>TEAM</key>
		<string>ABCDE12345</string>${input}
	</dict>
	<key>Process</key>
	<array>
${steps}
	</array>`);

const step = (processor: string, values: Readonly<Record<string, string>> = {}) =>
  `<dict><key>Processor</key><string>${processor}</string><key>Arguments</key><dict>${Object.entries(
    values,
  )
    .map(([key, value]) => `<key>${key}</key><string>${value}</string>`)
    .join('')}</dict></dict>`;

const from = (address: string) => step('URLDownloader', { url: address });
const signed = (team: string) =>
  step('CodeSignatureVerifier', { requirement: `certificate leaf[subject.OU] = ${team}` });

/** A title that runs this recipe, and this code beside it. */
function seen(text: string, code: Readonly<Record<string, string | Buffer>> = {}): Seen {
  const parsed = parseRecipe('App.download.recipe', text);
  const pinned: PinnedRecipe = {
    ...place('App/App.download.recipe'),
    identifier: parsed.identifier ?? '',
    recipe: parsed,
    text,
  };
  const processors: PinnedProcessor[] = Object.keys(code)
    .filter((path) => parsed.steps.some(({ processor }) => path === `App/${processor}.py`))
    .map((path) => {
      const processor = path.slice(4, -3);
      const file = place(path);
      return { processor, file, candidates: [file], replacesCore: isCoreProcessor(processor) };
    });
  const files = Object.entries({ 'App/App.download.recipe': text, ...code }).map(
    ([path, content]): RunFile => ({
      url,
      path,
      kind: path.endsWith('.recipe') ? 'recipe' : path.endsWith('.py') ? 'processor' : 'asset',
      ...(typeof content === 'string' && { text: content }),
      bytes: Buffer.from(content),
      file: place(path),
    }),
  );
  const chain: Chain = {
    override: parseRecipe('App.recipe', plist('	<key>Input</key>\n	<dict/>')),
    recipes: [pinned],
    processors,
    shared: [],
    searchDirs: [],
  };
  return { chain, files };
}

const reviewed = recipe(`${from('https://dl.example.com/%NAME%.dmg')}${signed('%TEAM%')}`);
const warned = (after: Seen, before = seen(reviewed)) => risksOf(before, after).join('\n');

describe('a change of recipes', () => {
  it('warns of nothing when nothing risky changed', () => {
    expect(warned(seen(reviewed.replace('%NAME%.dmg', 'new-%NAME%.dmg')))).toBe('');
  });

  it('warns of a new download host', () => {
    expect(warned(seen(reviewed.replace('dl.example.com', 'evil.example.net')))).toBe(
      'A host that was not spoken of before: evil.example.net',
    );
  });

  it('warns of a new download host that only a variable brings', () => {
    const host =
      '<key>HOST</key><string>%OTHER%</string><key>OTHER</key><string>cdn.example</string>';
    const after = recipe(`${from('https://%HOST%/a.dmg')}${signed('%TEAM%')}`, host);
    expect(warned(seen(after))).toContain('cdn.example');
  });

  it('warns of http in the place of https', () => {
    expect(warned(seen(reviewed.replace('https://dl', 'http://dl')))).toBe(
      'An address without encryption: http://dl.example.com/App.dmg',
    );
  });

  it('warns of a signature that is no longer verified', () => {
    expect(warned(seen(recipe(from('https://dl.example.com/%NAME%.dmg'))))).toContain(
      'The signature of the download is no longer verified',
    );
  });

  it('warns of one verification less', () => {
    const twice = reviewed.replace('\t</array>', `${signed('%TEAM%')}\t</array>`);
    expect(warned(seen(reviewed), seen(twice))).toContain('in 1 step, before in 2');
  });

  it('warns of another signer, though it is only a variable that changed', () => {
    expect(warned(seen(reviewed.replace('ABCDE12345', 'ZZZZZ99999')))).toMatch(
      /has changed: from "[^"]*ABCDE12345" to "[^"]*ZZZZZ99999"/,
    );
  });

  it('warns of a signature that may be anybody’s', () => {
    const after = recipe(
      `${from('https://dl.example.com/%NAME%.dmg')}${step('CodeSignatureVerifier', { input_path: '%pathname%' })}`,
    );
    expect(warned(seen(after))).toContain('without saying whose it must be');
  });

  it('warns of verification that a variable or an argument switches off', () => {
    const off = 'DISABLE_CODE_SIGNATURE_VERIFICATION';
    const byInput = reviewed.replace('<key>TEAM', `<key>${off}</key><string>1</string><key>TEAM`);
    const byArgument = reviewed.replace(
      '<key>requirement',
      `<key>${off}</key><string>1</string><key>requirement`,
    );
    for (const after of [byInput, byArgument])
      expect(warned(seen(after))).toContain('switched off');
  });

  it('warns of a processor of somebody else, and of what it reaches for', () => {
    const after = reviewed.replace('\t</array>', `${step('Mine')}\t</array>`);
    const said = warned(
      seen(after, { 'App/Mine.py': 'import os, subprocess\nexec(os.environ["X"])\n' }),
    );
    expect(said).toContain("A new processor that is not AutoPkg's own: Mine");
    for (const reach of ['runs other programs', 'runs text as code', 'reads the environment'])
      expect(said).toContain(`App/Mine.py ${reach}`);
    expect(said).toContain('imports what it names only as it runs');
  });

  it('warns of a file that takes the place of one of AutoPkg’s own processors', () => {
    expect(warned(seen(reviewed, { 'App/URLDownloader.py': 'x = 1\n' }))).toContain(
      "takes the place of AutoPkg's own processor URLDownloader",
    );
  });

  it('warns of characters that make code read as other code', () => {
    expect(warned(seen(reviewed, { 'App/notes.py': 'x = "\u202E"\n' }))).toContain('invisible');
  });

  it('warns of what nobody can read, and of scripts that run as root', () => {
    const said = warned(
      seen(reviewed, {
        'App/lib.so': Buffer.from([0, 1, 2]),
        'App/Scripts/postinstall': '#!/bin/sh\n',
      }),
    );
    expect(said).toContain('App/lib.so is no text');
    expect(said).toContain('App/Scripts/postinstall is a script that runs as root');
  });

  it('says of a title that is new what is worth knowing, and nothing of what "changed"', () => {
    expect(risksOf(undefined, seen(recipe(from('http://dl.example.com/a.dmg'))))).toEqual([
      'The signature of the download is not verified',
      'An address without encryption: http://dl.example.com/a.dmg',
    ]);
  });
});
