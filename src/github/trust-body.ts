import { escaped, link, plain } from './markdown.ts';
import { hiddenMarker } from './marker.ts';

/** A file that titles run, and what of it changes. */
export interface ShownFile {
  /** "autopkg/recipes: Mozilla/Firefox.pkg.recipe" */
  readonly name: string;
  /** "recipe", "processor"… */
  readonly kind: string;
  readonly change: 'added' | 'changed' | 'removed';
  /** Hunks as git shows them; absent when it is no text. */
  readonly diff?: string;
  /** Where all of it can be read. */
  readonly url?: string;
  /** The titles that run it. */
  readonly titles: readonly string[];
}

/** What a title's people should look at twice. */
export interface ShownRisk {
  readonly title: string;
  readonly text: string;
}

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

/** GitHub takes no longer body than 65,536 characters; the rest is for what is around the diffs. */
const longestDiffs = 48_000;
const longestRisks = 60;

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
  const { marker } = proposal;
  const shown = diffs(proposal.files);
  return [
    // Before anything foreign: the first marker is the one that counts.
    hiddenMarker(marker),
    asked(proposal),
    ...warnings(proposal, shown.cut),
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

function warnings({ risks, broken }: TrustProposal, cut: readonly string[]): string[] {
  const lines = [
    ...broken.map(({ title, text }) => `**${escaped(title)} can no longer run**: ${escaped(text)}`),
    ...cut.map((name) => `Not all of **${escaped(name)}** is shown here: read the rest of it`),
    ...grouped(risks),
  ];
  if (lines.length === 0) return [];
  const more = lines.length - longestRisks;
  const listed = lines.slice(0, longestRisks).map((line) => `> - ${line}`);
  return [
    [
      '> [!WARNING]',
      '> Look twice:',
      ...listed,
      ...(more > 0 ? [`> - … and ${more} more`] : []),
    ].join('\n'),
  ];
}

/** A warning that several titles share is written once. */
function grouped(risks: readonly ShownRisk[]): string[] {
  const byText = new Map<string, string[]>();
  for (const { title, text } of risks) byText.set(text, [...(byText.get(text) ?? []), title]);
  return [...byText].map(
    ([text, titles]) => `${escaped(cutOff(text))} (${titles.map(escaped).join(', ')})`,
  );
}

function cutOff(text: string): string {
  return text.length > 400 ? `${text.slice(0, 399)}…` : text;
}

/** The diffs, each in a fence that nothing in it can end; and the files that are not shown whole. */
function diffs(files: readonly ShownFile[]): { parts: string[]; cut: string[] } {
  const parts: string[] = [];
  const cut: string[] = [];
  let left = longestDiffs;
  for (const { name, kind, change, diff, url, titles } of files) {
    const where = url ? link(name, url) : escaped(name);
    const heading = `**${where}**: ${change} (${kind} of ${titles.map(escaped).join(', ')})`;
    if (diff === undefined) {
      parts.push(`${heading}\n\nIt is no text, so it can't be shown.`);
      continue;
    }
    const text = visible(diff);
    const room = Math.max(0, Math.min(text.length, left));
    left -= room;
    if (room < text.length) cut.push(name);
    const whole = room < text.length ? text.slice(0, text.lastIndexOf('\n', room) + 1) : text;
    const fence = '`'.repeat(Math.max(3, longestRun(whole) + 1));
    parts.push([heading, '', `${fence}diff`, whole.trimEnd(), fence].join('\n'));
  }
  return { parts, cut };
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
}

/** What could make a line read as another one is written out: "⟨U+202E⟩". */
function visible(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(
      /[\p{Cf}\p{Co}\p{Cs}\u2028\u2029]|(?![\n\t])\p{Cc}/gu,
      (character) =>
        `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
    );
}

function merging({ repository, titles }: TrustProposal): string {
  const moved = repository
    ? `Moves the pin of ${escaped(repository.name)} in recipes/repos.yaml, and what the overrides vouch for.`
    : 'Writes into the override what it vouches for; the pins stay.';
  return `${moved} From the next build on, ${titles.map(escaped).join(', ')} ${titles.length === 1 ? 'runs' : 'run'} exactly what is shown here, and nothing else. Nothing is merged by itself.`;
}
