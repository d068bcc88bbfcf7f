import type { Temporal } from 'temporal-polyfill';
import type { Condition } from '../lifecycle/conditions.ts';
import { type SoakProgress, soakText } from '../lifecycle/soak.ts';
import type { PatchPolicyFacts, Production, Title } from '../lifecycle/title.ts';
import type { Version } from '../lifecycle/version.ts';
import { cut } from '../text/one-line.ts';
import { escaped, link, plain, table } from './markdown.ts';
import { hiddenMarker } from './marker.ts';

/** A promotion, as far as it is explained to the people who approve it. */
export interface Proposal {
  /** One title, or those of a group that are ready. */
  readonly titles: readonly ProposedTitle[];
  /** The group's name; its other titles are left out, each for its reason. */
  readonly group?: string;
  readonly leftOut?: readonly { readonly name: string; readonly reason: string }[];
  /** The repository's page: "https://github.com/acme/patchbot". */
  readonly repository: string;
  readonly marker: string;
}

/** What is asked for one title. */
export interface ProposedTitle {
  readonly title: Title;
  /** What production offers now. */
  readonly from?: Version;
  /** What it is to offer; an emergency names who asked, and why. */
  readonly to: Production;
  /** The first day in test; absent for an emergency that was never tested. */
  readonly since?: Temporal.PlainDate;
  readonly soak?: SoakProgress;
  /** How Jamf counts the test ring; absent when it doesn't say. */
  readonly testers?: PatchPolicyFacts['counts'];
  /** The Macs of the test ring on which it failed, by name. */
  readonly failedOn?: readonly string[];
  /** How many Macs production reaches; absent when Jamf doesn't say. */
  readonly macs?: number;
  /** The conditions as they stand; the window's is left to its status, since it changes by the hour. */
  readonly conditions: readonly Condition[];
  /** When merging reaches the fleet: "Mon, Tue, Wed, Thu 09:00 to 15:00 (Europe/Berlin)". */
  readonly window: string;
}

/** GitHub takes no longer title: https://docs.github.com/en/rest/pulls/pulls#create-a-pull-request */
const longestTitle = 256;

/**
 * "Google Chrome 126.0 → 127.0", or "browsers: " and such for each title of a group, with
 * "EMERGENCY: " before it when it is one.
 */
export function requestTitle({ titles, group }: Proposal): string {
  const versions = titles.map(({ title, from, to }) =>
    [title.name, from && `${from.text} →`, to.package.version.text].filter(Boolean).join(' '),
  );
  const before = `${titles.some(isEmergency) ? 'EMERGENCY: ' : ''}${group ? `${group}: ` : ''}`;
  return cut(plain(`${before}${versions.join(', ')}`), longestTitle);
}

/** What is asked, what has been seen in test, what merging does, and what else one can do. */
export function requestBody(proposal: Proposal): string {
  const { titles, group, marker } = proposal;
  const parts = [
    ...titles.filter(isEmergency).map(emergency),
    notNow(proposal),
    group ? overview(titles) : titles.map(sentence).join('\n'),
    leftOut(proposal),
    ...titles.map((one) => `### ${heading('What test has shown', one, group)}\n\n${tested(one)}`),
    ...titles.map((one) => `### ${heading('What merging does', one, group)}\n\n${merging(one)}`),
    `### What else you can do\n\n${choices(proposal).join('\n')}`,
    hiddenMarker(marker),
  ];
  return parts
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

function isEmergency({ to }: ProposedTitle): boolean {
  return to.emergency !== undefined;
}

function heading(words: string, { title }: ProposedTitle, group: string | undefined): string {
  return group ? `${words}: ${escaped(title.name)}` : words;
}

function sentence({ title, from, to }: ProposedTitle): string {
  const version = `**${escaped(to.package.version.text)}**`;
  const now = from ? `Production offers ${escaped(from.text)} now.` : 'It is new in production.';
  return `Promote ${escaped(title.name)} ${version} to production. ${now}`;
}

function overview(titles: readonly ProposedTitle[]): string {
  return table(
    ['Title', 'From', 'To', 'In test since', 'Test ring'],
    titles.map(({ title, from, to, since, testers }) => [
      escaped(title.name),
      from ? escaped(from.text) : 'new',
      `**${escaped(to.package.version.text)}**`,
      since ? String(since) : 'never',
      counted(testers),
    ]),
  );
}

function emergency({ to }: ProposedTitle): string | undefined {
  if (!to.emergency) return undefined;
  const { by, reason } = to.emergency;
  return `> [!CAUTION]\n> **Emergency**, asked for by ${escaped(by)}: ${escaped(reason)}\n>\n> Soak, gate, window and freeze are skipped.`;
}

/** What speaks against merging now. */
function notNow({ titles, group }: Proposal): string | undefined {
  const against = titles.flatMap(({ title, conditions }) =>
    conditions
      .filter(({ name, state }) => name !== 'window' && state !== 'met')
      .map(({ name, state, reason }) => ({
        broken: state === 'broken',
        text: `**${group ? `${escaped(title.name)}, ` : ''}${name}**: ${escaped(reason)}`,
      })),
  );
  if (against.length === 0) return undefined;
  const kind = against.some(({ broken }) => broken) ? 'WARNING' : 'NOTE';
  const lines = ['Not to be merged as it stands.', ...against.map(({ text }) => text)];
  return `> [!${kind}]\n${lines.map((line) => `> ${line}`).join('\n>\n')}`;
}

function leftOut({ leftOut = [] }: Proposal): string | undefined {
  if (leftOut.length === 0) return undefined;
  const lines = leftOut.map(({ name, reason }) => `- ${escaped(name)}: ${escaped(reason)}`);
  return `Not in this request:\n\n${lines.join('\n')}`;
}

function tested({
  title,
  to,
  since,
  soak,
  testers,
  failedOn = [],
  conditions,
}: ProposedTitle): string {
  const gate = conditions.find(({ name }) => name === 'gate');
  const { version, file, size, digest, jamfId } = to.package;
  const notes = title.releaseNotes?.replaceAll('{version}', encodeURIComponent(version.text));
  const lines = [
    since
      ? `In test since ${since}${soak ? `: ${soakWords(soak)}` : ''}`
      : 'It has not been in test',
    `Test ring: ${counted(testers)}${failedOn.length > 0 ? `, on ${named(failedOn)}` : ''}`,
    ...(gate ? [`Gate: ${gateWords(gate)}`] : []),
    ...(notes ? [`Release notes: ${link(notes, notes)}`] : []),
    `Package: ${escaped(file)}, ${bytes(size)}, SHA3-512 ${digest.slice(0, 16)}…, Jamf id ${jamfId}`,
    ...(to.definition ? [`Patch definition: ${escaped(to.definition.text)}`] : []),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function soakWords({ over, until, done, of }: SoakProgress): string {
  return over
    ? `its soak of ${soakText(of)} is over since ${until}`
    : `${done} of ${soakText(of)} of its soak are done, it ends on ${until}`;
}

function gateWords({ state, reason }: Condition): string {
  const words = { met: 'open', broken: 'shut', waits: 'not known' };
  return `${words[state]} (${escaped(reason)})`;
}

function counted(testers: ProposedTitle['testers']): string {
  if (!testers) return 'Jamf does not say who installed it';
  const { completed, failed, pending } = testers;
  return `${macs(completed)} installed it, ${failed} failed, ${pending} still to come`;
}

/** At most so many Macs are named one by one. */
const mostNamed = 10;

function named(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map(escaped);
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

function merging({ title, to, macs: reached, window }: ProposedTitle): string {
  const { policies, deadline } = title;
  const hasPatch = title.patch !== 'none';
  const moved = [
    hasPatch ? `the patch policy ${escaped(policies.production)}` : undefined,
    policies.install === 'none' ? undefined : `the install policy ${escaped(policies.install)}`,
  ].filter((part) => part !== undefined);
  const what =
    moved.length > 0
      ? `Jamf moves ${moved.join(' and ')} to exactly this package, no newer one`
      : 'The version is recorded';
  const whom = hasPatch
    ? [
        `Whom it reaches: ${reached ? macs(reached) : 'Jamf does not say how many Macs'}; Self Service leaves them ${deadline.production} ${deadline.production === 1 ? 'day' : 'days'}`,
      ]
    : [];
  const when = to.emergency
    ? 'When: at once'
    : `When: ${escaped(window)}; merged at another time, it waits until then`;
  const lines = [
    what,
    ...whom,
    when,
    ...(title.approval === 'auto' && !to.emergency
      ? ['PatchBot merges it itself once its checks are green and the window is open']
      : []),
  ];
  return lines.map((line) => `- ${line}`).join('\n');
}

function choices({ titles, repository }: Proposal): string[] {
  const run = (workflow: string) =>
    link(workflow, `${repository}/actions/workflows/${workflow}.yml`);
  const slugs = titles.map(({ title }) => title.slug).join(', ');
  const only = titles.length > 1 ? ' Name a title first (`/hold slack why`) to mean it alone.' : '';
  return [
    `- **Hold it**: comment \`/hold\` and say why, or run the workflow ${run('hold')}; \`/release\` lets it move again.${only}`,
    '- **Decline it**: close this request. What it asks for is held in your name and not asked for again; the next version is.',
    ...(titles.every(isEmergency)
      ? []
      : [
          `- **Make it faster**: comment \`/expedite\` and say why, or run the workflow ${run('emergency')}; soak, gate, window and freeze are skipped.`,
        ]),
    `- **Roll it back** later: press Revert on this request once it is merged and merge the revert, or run the workflow ${run('rollback')} (${slugs}).`,
  ];
}

function macs(count: number): string {
  return count === 1 ? '1 Mac' : `${count} Macs`;
}

function bytes(count: number): string {
  return count < 1_000_000
    ? `${Math.ceil(count / 1000)} kB`
    : `${(count / 1_000_000).toFixed(1)} MB`;
}
