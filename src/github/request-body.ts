import type { Temporal } from 'temporal-polyfill';
import type { GateState } from '../lifecycle/gate.ts';
import { type SoakProgress, soakText } from '../lifecycle/soak.ts';
import type { Production, Title } from '../lifecycle/title.ts';
import type { Version } from '../lifecycle/version.ts';
import { escaped, link, plain } from './markdown.ts';
import { hiddenMarker } from './marker.ts';

/** A promotion, as far as it is explained to the people who approve it. */
export interface Proposal {
  readonly title: Title;
  /** What production offers now. */
  readonly from?: Version;
  /** What it is to offer; an emergency names who asked, and why. */
  readonly to: Production;
  /** The first day in test; absent for an emergency that was never tested. */
  readonly since?: Temporal.PlainDate;
  readonly soak?: SoakProgress;
  readonly gate?: GateState;
  /** When merging reaches the fleet: "Monday to Thursday, 09:00 to 15:00, Europe/Berlin". */
  readonly window: string;
  /** The repository's page: "https://github.com/acme/patchbot". */
  readonly repository: string;
  readonly marker: string;
}

/** "Google Chrome 126.0 → 127.0", with "EMERGENCY: " before it when it is one. */
export function requestTitle({ title, from, to }: Proposal): string {
  const versions = from ? `${from.text} → ${to.package.version.text}` : to.package.version.text;
  return plain(`${to.emergency ? 'EMERGENCY: ' : ''}${title.name} ${versions}`);
}

/** What is asked, what has been seen in test, what merging does, and what else one can do. */
export function requestBody(proposal: Proposal): string {
  const { title, from, to, marker } = proposal;
  const name = escaped(title.name);
  const version = `**${escaped(to.package.version.text)}**`;
  const now = from ? ` Production offers ${escaped(from.text)} now.` : ' It is new in production.';
  return [
    emergency(proposal),
    `Promote ${name} ${version} to production.${now}`,
    ['### What test has shown', ...tested(proposal)].join('\n\n'),
    ['### What merging does', ...merging(proposal)].join('\n\n'),
    ['### What else you can do', choices(proposal).join('\n')].join('\n\n'),
    hiddenMarker(marker),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n')
    .concat('\n');
}

function emergency({ to }: Proposal): string | undefined {
  if (!to.emergency) return undefined;
  const { by, reason } = to.emergency;
  return `> [!CAUTION]\n> **Emergency**, asked for by ${escaped(by)}: ${escaped(reason)}\n>\n> Soak, window and freeze are skipped.`;
}

function tested({ since, soak, gate, to }: Proposal): string[] {
  const lines = [
    since
      ? `- In test since ${since}${soak ? `: ${soakWords(soak)}` : ''}`
      : '- It has not been in test',
    ...(gate ? [`- Gate: ${gateWords(gate)}`] : []),
    `- Package: ${escaped(to.package.file)}, ${size(to.package.size)}, SHA3-512 ${to.package.digest.slice(0, 16)}…, Jamf id ${to.package.jamfId}`,
    ...(to.definition ? [`- Patch definition: ${escaped(to.definition.text)}`] : []),
  ];
  return [lines.join('\n')];
}

function soakWords({ over, until, done, of }: SoakProgress): string {
  return over
    ? `its soak of ${soakText(of)} is over since ${until}`
    : `${done} of ${soakText(of)} of its soak are done, it ends on ${until}`;
}

function gateWords({ gate, reason }: GateState): string {
  const words = { green: 'open', red: 'shut', unknown: 'not known' };
  return `${words[gate]} (${escaped(reason)})`;
}

function merging({ title, to, window }: Proposal): string[] {
  const { policies } = title;
  const moved = [
    title.patch === 'none' ? undefined : `the patch policy ${escaped(policies.production)}`,
    policies.install === 'none' ? undefined : `the install policy ${escaped(policies.install)}`,
  ].filter((part) => part !== undefined);
  const what =
    moved.length > 0
      ? `Jamf moves ${moved.join(' and ')} to this package`
      : 'The version is recorded';
  const when = to.emergency ? 'at once' : `when the window is open: ${escaped(window)}`;
  const auto = title.approval === 'auto' ? ['PatchBot merges it itself when its checks pass.'] : [];
  return [`${what}, ${when}. Exactly this package, no newer one.`, ...auto];
}

function choices({ title, to, repository }: Proposal): string[] {
  const named = `${escaped(title.slug)}, version ${escaped(to.package.version.text)}`;
  const run = (workflow: string) =>
    link(workflow, `${repository}/actions/workflows/${workflow}.yml`);
  return [
    `- **Hold it**: run the workflow ${run('hold')} (${named}) and say why; releasing the hold brings this request back.`,
    '- **Decline it**: close this request. The version is held in your name and is not asked for again; the next version is.',
    ...(to.emergency
      ? []
      : [
          `- **Make it faster**: run the workflow ${run('emergency')} (${named}) and say why; soak, window and freeze are skipped.`,
        ]),
    '- **Roll it back** later: press Revert on this request once it is merged, and merge the revert.',
  ];
}

function size(bytes: number): string {
  return bytes < 1_000_000
    ? `${Math.ceil(bytes / 1000)} kB`
    : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
