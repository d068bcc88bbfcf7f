import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type OpenRun, openRun } from '../../src/open-run.ts';
import type { Outcome } from '../../src/stages/outcome.ts';
import type { Run } from '../../src/stages/run.ts';
import { recipe, startTrustedCompany, type TrustedCompany } from '../autopkg/trusted-company.ts';
import { type GitHubSimulator, startGitHub } from '../simulators/github/server.ts';

const git = promisify(execFile);

/** A repository on GitHub with one title, whose override vouches for two pinned recipe repositories. */
export interface TrustingCompany {
  readonly recipes: TrustedCompany;
  readonly github: GitHubSimulator;
  /** Runs a stage on the newest main, as a workflow would. */
  run(stage: (run: Run) => Promise<Outcome>, dryRun?: boolean): Promise<Outcome>;
  /** The one open request of the trust stage. */
  request(): { number: number; title: string; body: string };
  /** What the catalog on main vouches for. */
  vouches(): Promise<boolean>;
  close(): Promise<void>;
}

export const overridePath = `recipes/overrides/${recipe}.recipe`;

export async function startTrustingCompany(autopkg = 'autopkg'): Promise<TrustingCompany> {
  const recipes = await startTrustedCompany(autopkg);
  const dir = await mkdtemp(join(tmpdir(), 'patchbot-trusting-'));
  const seed = {
    'recipes/patchbot.yaml': 'time-zone: Europe/Zurich\nreviewers: [anna]\n',
    'recipes/titles/stamped.yaml': `recipe: ${recipe}\npatch: none\nname: Stamped\ncategory: Apps\n`,
    'recipes/repos.yaml': `# The catalog.\nrepos:\n${recipes.pins
      .map(({ url, commit }) => `  - url: ${url}\n    commit: ${commit} # reviewed\n`)
      .join('')}`,
    [overridePath]: await recipes.override(),
  };
  const github = await startGitHub({ dir, seed });
  const folder = join(dir, 'checkout');
  await git('git', ['clone', '--quiet', github.gitDir, folder]);

  const open = async (dryRun = false): Promise<OpenRun> => {
    await git('git', ['-C', folder, 'pull', '--quiet', '--ff-only']);
    return openRun({
      folder,
      jamf: {},
      github: {
        token: github.token,
        repository: `${github.owner}/${github.repo}`,
        apiUrl: github.url,
      },
      webhooks: {},
      dryRun,
      heartbeat: false,
      actor: 'patchbot[bot]',
      now: '2026-09-07T04:00:00Z',
      autopkgCache: join(dir, 'cache'),
      recipeRepos: recipes.checkoutsDir,
      log: (line) => recipes.log.push(line),
      onSecret: () => undefined,
    });
  };
  return {
    recipes,
    github,
    async run(stage, dryRun) {
      const { run, close } = await open(dryRun);
      return stage(run).finally(close);
    },
    request() {
      const found = github.pulls.filter(({ state }) => state === 'open');
      const [only] = found;
      if (!only || found.length > 1) throw new Error(`${found.length} requests are open`);
      return { number: only.number, title: only.title, body: only.body ?? '' };
    },
    async vouches() {
      const { run, close } = await open(true);
      try {
        const { pins } = run.recipes;
        if (!pins.ok) return false;
        recipes.pins = [...pins.pins];
        await recipes.writeOverride((await github.files())[overridePath] ?? '');
        return (await recipes.catalog().vouch(recipe)).ok;
      } finally {
        await close();
      }
    },
    async close() {
      await github.close();
      await recipes.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
