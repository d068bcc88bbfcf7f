import type { Version } from '../lifecycle/version.ts';
import { cut } from '../text/one-line.ts';
import { escaped, plain, table } from './markdown.ts';
import { hiddenMarker } from './marker.ts';

/** Promotions that are to be taken back, as far as it is explained to the people who approve it. */
export interface Rollback {
  readonly titles: readonly {
    readonly name: string;
    readonly from: Version;
    readonly to: Version;
  }[];
  readonly by: string;
  readonly reason: string;
  readonly marker: string;
}

/** "Roll back Google Chrome 127.0 → 126.0". */
export function rollbackTitle({ titles }: Rollback): string {
  const what = titles.map(({ name, from, to }) => `${name} ${from.text} → ${to.text}`);
  return cut(plain(`Roll back ${what.join(', ')}`), 256);
}

export function rollbackBody({ titles, by, reason, marker }: Rollback): string {
  const rows = titles.map(({ name, from, to }) => [
    escaped(name),
    escaped(from.text),
    `**${escaped(to.text)}**`,
  ]);
  return [
    `> [!CAUTION]\n> **Rollback**, asked for by ${escaped(by)}: ${escaped(reason)}`,
    table(['Title', 'Production offers', 'It is to offer again'], rows),
    '### What merging does',
    [
      '- Jamf offers the older package again, at once: a rollback waits for no window and no freeze.',
      '- Macs that have the newer version are offered the older one, as far as the application lets itself be downgraded.',
      `- What is rolled back from is held in the name of ${escaped(by)}, so that it is not asked for again.`,
    ].join('\n'),
    'To leave things as they are, close this request.',
    hiddenMarker(marker),
  ]
    .join('\n\n')
    .concat('\n');
}
