import { escaped, link } from './markdown.ts';
import { hiddenMarker } from './marker.ts';

/** By what the dashboard is found again. */
export const dashboardLabel = 'patch dashboard';
export const dashboardMarker = 'dashboard';
export const dashboardTitle = 'Patch dashboard';

/** What ticking a box asks for. */
export type Tick =
  | { readonly asks: 'expedite' | 'release'; readonly slug: string; readonly version?: string }
  | { readonly asks: 'halt' | 'resume' };

/** One title as the dashboard lists it. */
export interface ListedTitle {
  readonly name: string;
  readonly version?: string;
  /** What it waits for and until when. */
  readonly text: string;
  readonly link?: { readonly text: string; readonly url: string };
  readonly boxes?: readonly { readonly tick: Tick; readonly text: string }[];
}

/** The whole fleet, by phase. */
export interface Dashboard {
  readonly phases: readonly {
    readonly heading: string;
    /** Shown folded: what is in order needs nobody's eye. */
    readonly folded?: boolean;
    readonly titles: readonly ListedTitle[];
  }[];
  /** Why nothing moves; absent when everything may. */
  readonly halt?: string;
}

/** GitHub takes 65,536 characters; some are kept for what surrounds the titles. */
const longest = 60_000;

/** The text: no time of day in it, so that it differs only when something does. */
export function dashboardBody({ phases, halt }: Dashboard): string {
  let room = longest;
  const sections = phases
    .filter(({ titles }) => titles.length > 0)
    .map(({ heading, folded, titles }) => {
      const shown: string[] = [];
      for (const title of titles) {
        const lines = linesOf(title);
        room -= lines.length + 1;
        if (room > 0) shown.push(lines);
      }
      const left = titles.length - shown.length;
      const list = [...shown, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
      const above = `${escaped(heading)} (${titles.length})`;
      return folded
        ? `<details><summary>${above}</summary>\n\n${list}\n\n</details>`
        : `### ${above}\n\n${list}`;
    });
  return [
    'Where each title stands, kept true by PatchBot. Whoever may write to this repository can tick a box; PatchBot acts on it, says so, and unticks it.',
    haltLines(halt),
    ...(sections.length > 0
      ? sections
      : ['There are no titles yet: add one in `recipes/titles/`.']),
    hiddenMarker(dashboardMarker),
  ]
    .join('\n\n')
    .concat('\n');
}

function haltLines(halt: string | undefined): string {
  return halt === undefined
    ? box({ asks: 'halt' }, '**Stop everything**: nothing goes to test or to production')
    : `> [!CAUTION]\n> **Everything is stopped**: ${escaped(halt)}\n\n${box({ asks: 'resume' }, '**Let everything move again**, each title in its own window')}`;
}

function linesOf({ name, version, text, link: page, boxes = [] }: ListedTitle): string {
  const what = [`**${escaped(name)}**`, version && escaped(version)].filter(Boolean).join(' ');
  const where = page ? ` (${link(page.text, page.url)})` : '';
  return [
    `- ${what}: ${escaped(text)}${where}`,
    ...boxes.map((one) => `  ${box(one.tick, escaped(one.text))}`),
  ].join('\n');
}

function box(tick: Tick, text: string): string {
  return `- [ ] <!-- ${wish(tick)} --> ${text}`;
}

/** "expedite=google-chrome=127.0", in letters that can't end the comment they stand in. */
function wish(tick: Tick): string {
  const words = 'slug' in tick ? [tick.asks, tick.slug, tick.version ?? ''] : [tick.asks];
  return words.map((word) => encodeURIComponent(word).replaceAll('-', '%2D')).join('=');
}

/** The boxes that are ticked in the text, each once. */
export function ticksIn(body: string): readonly Tick[] {
  const wishes = [...body.matchAll(/^\s*[-*+] \[[xX]\] <!-- (\S+) -->/gm)].map(
    ([, found]) => found,
  );
  return [...new Set(wishes)].flatMap((found = ''): Tick[] => {
    let words: string[];
    try {
      words = found.split('=').map(decodeURIComponent);
    } catch {
      return []; // no box of ours
    }
    const [asks, slug, version] = words;
    if (asks === 'halt' || asks === 'resume') return [{ asks }];
    if ((asks !== 'expedite' && asks !== 'release') || !slug) return [];
    return [{ asks, slug, ...(version && { version }) }];
  });
}
