import { type Answers, audiences } from './answers.ts';
import { newAppLink } from './github-app.ts';

/** What is left to do by hand after the files are written. */
export interface Left {
  readonly answers: Answers;
  /** What the API role in Jamf Pro needs, as Jamf spells it. */
  readonly privileges: readonly string[];
  /** https://github.com, or the company's own. */
  readonly serverUrl: string;
}

/** Steps are numbered as in docs/setup.md, of which those before are the repository and Jamf's titles. */
const firstStep = 3;

/**
 * The steps to the first run, for somebody who has never seen PatchBot: each with the page to open or
 * the command to paste, without comments behind it, which the shell of a Mac does not know at a prompt. A secret is never part of a command: `gh` asks for it, or reads it from a file.
 */
export function nextSteps({ answers, privileges, serverUrl }: Left): string {
  const { repository, jamfUrl, channels } = answers;
  const host = new URL(serverUrl).host;
  const repo = host === 'github.com' ? repository : `${host}/${repository}`;
  const api = `${apiOf(host)}repos/${repository}`;
  const at = `--env patchbot --repo ${repo}`;
  const secret = (name: string) => `gh secret set ${name} ${at}`;
  const variable = (name: string) => `gh variable set ${name} ${at}`;
  const told = audiences.filter((audience) => channels[audience] !== 'none');
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [
      'In Jamf Pro, under Settings > API roles and clients, make a role with these privileges and no others, then a client with that role, enabled, whose access tokens live for 30 minutes. Keep its id and secret at hand.',
      privileges.map((one) => `  ${one}`),
    ],
    [
      'Make the GitHub App that PatchBot acts as (everything is filled in; "Create GitHub App" is enough), note its client id, generate a private key, and install it on this repository alone.',
      [
        `for an organization:  ${newAppLink(repository, 'organization', serverUrl)}`,
        `for a person:         ${newAppLink(repository, 'person', serverUrl)}`,
      ],
    ],
    [
      'Make the environment that holds the secrets and the one that guards emergencies, let only main use them, and tell where Jamf Pro is and who asks. What is secret is asked for, and not shown; app.pem is the private key of step 4, to be deleted then. Who may let a direct emergency out is said under Settings > Environments > emergency > Required reviewers.',
      [
        ...['patchbot', 'emergency'].flatMap((name) => onlyForMain(`${api}/environments/${name}`)),
        `${variable('JAMF_URL')} --body ${jamfUrl}`,
        variable('JAMF_CLIENT_ID'),
        secret('JAMF_CLIENT_SECRET'),
        variable('PATCHBOT_APP_CLIENT_ID'),
        `${secret('PATCHBOT_APP_PRIVATE_KEY')} < app.pem`,
        ...told.map((audience) => secret(`PATCHBOT_WEBHOOK_${audience.toUpperCase()}`)),
        'only for Cleanup, which has an API client of its own (docs/jamf-privileges.md):',
        `gh variable set JAMF_CLEANUP_CLIENT_ID --repo ${repo}`,
        secret('JAMF_CLEANUP_CLIENT_SECRET'),
      ],
    ],
    [
      'Add a Mac with AutoPkg as a runner (it builds the packages). If GitHub cannot reach your Jamf Pro, let it do the rest as well.',
      [
        `${serverUrl}/${repository}/settings/actions/runners/new?arch=arm64&os=osx`,
        'only if Jamf Pro is not reachable from outside:',
        `gh variable set PATCHBOT_RUNNER --repo ${repo} --body self-hosted`,
      ],
    ],
    [
      'Say who must approve what: put your teams into .github/CODEOWNERS. Commit and push that with what was written here; only then protect main with the rules that come along, which refuse a push from then on, and let the App bypass them (docs/security.md explains each).',
      [
        'git add recipes .github && git commit -m "Set PatchBot up" && git push',
        `gh api --method POST ${api}/rulesets --input docs/ruleset.json --silent`,
        `${serverUrl}/${repository}/settings/rules (there: PatchBot > Bypass list > Add bypass > the App)`,
      ],
    ],
    [
      'Look whether everything is there: every lack comes with what to do about it. Then start the first run, which changes nothing yet. When it is green, leave the flag out.',
      [
        'read -rs JAMF_CLIENT_SECRET && export JAMF_CLIENT_SECRET',
        `export JAMF_URL=${jamfUrl} JAMF_CLIENT_ID=… GITHUB_REPOSITORY=${repository} GITHUB_TOKEN="$(gh auth token)"`,
        'npx . doctor',
        `gh workflow run daily.yml --repo ${repo} -f dry-run=true`,
        `gh run watch --repo ${repo}`,
      ],
    ],
  ];
  return steps
    .map(([what, how], index) =>
      [`${index + firstStep}. ${what}`, ...how.map((line) => `     ${line}`), ''].join('\n'),
    )
    .join('\n');
}

/**
 * The commands that make an environment which no other branch than main can use. An environment has to
 * allow policies of its own before it takes one.
 * https://docs.github.com/en/rest/deployments/environments, https://docs.github.com/en/rest/deployments/branch-policies
 */
function onlyForMain(environment: string): string[] {
  // Quoted, since the brackets are a pattern to zsh, the shell of a Mac.
  const set = (key: string, value: boolean) => `-F 'deployment_branch_policy[${key}]=${value}'`;
  return [
    `gh api --method PUT ${environment} ${set('protected_branches', false)} ${set('custom_branch_policies', true)} --silent`,
    `gh api --method POST ${environment}/deployment-branch-policies -f name=main --silent`,
  ];
}

/** `gh api` takes the host as a flag. */
function apiOf(host: string): string {
  return host === 'github.com' ? '' : `--hostname ${host} `;
}
