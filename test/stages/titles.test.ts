import { describe, expect, it } from 'vitest';
import { build } from '../../src/stages/build.ts';
import { hold } from '../../src/stages/hold.ts';
import { status } from '../../src/stages/status.ts';
import { office } from './office.ts';

const zoom = { slug: 'zoom', name: 'Zoom', testing: { version: '2.0', since: '2026-09-01' } };
const broken = {
  'recipes/titles/slack.yaml':
    'recipe: slack.pkg\npatch: none\nname: Slack\ncategory: Apps\nsaok: 1\n',
};

describe('a stage that is asked for some titles', () => {
  it('says of one whose file is broken what is wrong in it and where, and does the others', async () => {
    const { run } = await office([zoom], { files: broken });
    const told = await run(async (asked) => (await status(asked)).outcome, {
      titles: ['slack', 'zoom'],
      dryRun: true,
    });
    expect(told.failures).toMatchObject([
      {
        slug: 'slack',
        file: 'recipes/titles/slack.yaml',
        line: 5,
        message: 'unknown key "saok": did you mean "soak"?',
      },
    ]);
    expect(told.rows.map(({ slug }) => slug)).toEqual(['slack', 'zoom']);
  });

  it('asks for the title that was probably meant, and lists them where none is near', async () => {
    const { run } = await office([zoom], { files: broken });
    const holding = (title: string) =>
      run((one) => hold(one, { reason: 'why' }), { titles: [title] });
    await expect(holding('zooom')).rejects.toThrow(
      'there is no title "zooom" in recipes/titles/: did you mean "zoom"?',
    );
    await expect(holding('slak')).rejects.toThrow('did you mean "slack"?');
    await expect(holding('firefox')).rejects.toThrow('the titles are zoom, slack');
  });
});

const pinned = {
  'recipes/repos.yaml': `repos:\n  - url: https://github.com/autopkg/recipes\n    commit: ${'a'.repeat(40)}\n`,
  'recipes/overrides/zoom.pkg.recipe.yaml': 'Identifier: local.zoom\nParentRecipe: up\n',
};

describe('a build that only says what it would do', () => {
  it('says which title has no override, and what its recipe is probably called', async () => {
    const typo = { slug: 'zooom', name: 'Zooom' };
    const { run } = await office([zoom, typo], { files: pinned });
    const { failures, rows } = await run(build, { dryRun: true });
    expect(failures.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^there is no override zooom\.pkg in recipes\/overrides: did you mean zoom\.pkg\? .*recipes\/titles\/zooom\.yaml/,
      ),
    ]);
    expect(rows).toContainEqual(expect.objectContaining({ slug: 'zoom', did: 'would' }));
  });
});
