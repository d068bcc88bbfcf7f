import { escaped, link, plain } from './markdown.ts';
import { hiddenMarker } from './marker.ts';
import {
  riskLines,
  type ShownFile,
  type ShownRisk,
  shownFiles,
  warningBox,
} from './shown-files.ts';

/** What people are asked to vouch for. */
export interface TrustProposal {
  /** The repository that moves; absent when the pins stay and an override alone is behind. */
  readonly repository?: {
    readonly name: string;
    readonly url: string;
    readonly from: string;
    readonly to: string;
  };
  readonly titles: readonly string[];
  readonly files: readonly ShownFile[];
  readonly risks: readonly ShownRisk[];
  /** Titles that can't run any more afterwards, and why. */
  readonly broken: readonly ShownRisk[];
  readonly marker: string;
}

/** "Trust autopkg/recipes 0419167 → 8d50329: Mozilla Firefox, VLC" */
export function trustTitle({ repository, titles }: TrustProposal): string {
  const whose = titles.length > 3 ? `${titles.length} titles` : titles.join(', ');
  return plain(
    repository
      ? `Trust ${repository.name} ${repository.from.slice(0, 7)} → ${repository.to.slice(0, 7)}: ${whose}`
      : `Trust the recipes of ${whose}`,
  );
}

/** What would run, what to look at twice, and what merging or closing does. */
export function trustBody(proposal: TrustProposal): string {
  const { marker, broken, risks } = proposal;
  const shown = shownFiles(proposal.files);
  const warnings = warningBox([
    ...broken.map(({ title, text }) => `**${escaped(title)} can no longer run**: ${escaped(text)}`),
    ...shown.incomplete,
    ...riskLines(risks),
  ]);
  return [
    // Before anything foreign: the first marker is the one that counts.
    hiddenMarker(marker),
    asked(proposal),
    ...(warnings ? [warnings] : []),
    ['### What would run', ...shown.parts].join('\n\n'),
    ['### What merging does', merging(proposal)].join('\n\n'),
    [
      '### What else you can do',
      '- **Decline it**: close this request. What runs stays as it is, and you are not asked again until these recipes change once more.',
    ].join('\n\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function asked({ repository, titles }: TrustProposal): string {
  const whose = titles.map((title) => `**${escaped(title)}**`).join(', ');
  if (!repository)
    return `The override of ${whose} does not vouch for what the pinned repositories have, so it does not run. Read what would run; merging vouches for it.`;
  const { name, url, from, to } = repository;
  const compare = link(
    'all that changed between them',
    `${url.replace(/\.git$/, '')}/compare/${from}...${to}`,
  );
  return `Newer recipes in ${link(name, url)} change what ${titles.length === 1 ? 'this title runs' : 'these titles run'}: ${whose}. Read what would run; merging vouches for it. From \`${from.slice(0, 12)}\` to \`${to.slice(0, 12)}\`; ${compare}.`;
}

function merging({ repository, titles }: TrustProposal): string {
  const moved = repository
    ? `Moves the pin of ${escaped(repository.name)} in recipes/repos.yaml, and what the overrides vouch for.`
    : 'Writes into the override what it vouches for; the pins stay.';
  return `${moved} From the next build on, ${titles.map(escaped).join(', ')} ${titles.length === 1 ? 'runs' : 'run'} exactly what is shown here, and nothing else. Nothing is merged by itself.`;
}
