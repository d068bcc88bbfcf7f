import { durationText } from '../text/duration.ts';
import { oneLine } from '../text/one-line.ts';

/** Shows how far a long transfer is. */
export interface Progress {
  begin(what: string, bytes: number): Transfer;
}

/** One transfer. */
export interface Transfer {
  /** So many bytes in all have gone. */
  at(bytes: number): void;
  /** It is over, well or not. */
  end(): void;
}

/** Where a transfer stands: "37 % of 2.00 GiB, 84.2 MB/s, 15 s remaining". */
export function progressText(bytes: number, total: number, seconds: number): string {
  const percent = total === 0 ? 100 : Math.floor((bytes / total) * 100);
  const rate = seconds > 0 ? bytes / seconds : 0;
  const left = rate > 0 ? `, ${durationText((total - bytes) / rate)} remaining` : '';
  return `${percent} % of ${sizeText(total)}, ${(rate / 1e6).toFixed(1)} MB/s${left}`;
}

/** A size for people, in binary units: "2.00 GiB". */
export function sizeText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return power === 0
    ? `${bytes} bytes`
    : `${(bytes / 1024 ** power).toFixed(power > 2 ? 2 : 0)} ${units[power]}`;
}

/** How often a log is told, in milliseconds: what takes less time is told once. */
const every = 10_000;

/** A line every ten seconds. */
export function inLines(log: (line: string) => void): Progress {
  return {
    begin(what, total) {
      const began = performance.now();
      let told = began;
      return {
        at(bytes) {
          const now = performance.now();
          if (now - told < every || bytes >= total) return;
          told = now;
          log(`${oneLine(what)}: ${progressText(bytes, total, (now - began) / 1000)}`);
        },
        end() {},
      };
    },
  };
}

/** The same, folded into a group of an Actions log ("::group::" is Actions' own command). */
export function inGroups(log: (line: string) => void): Progress {
  const lines = inLines(log);
  return {
    begin(what, total) {
      log(`::group::${oneLine(what)}`);
      const transfer = lines.begin(what, total);
      return { at: transfer.at, end: () => log('::endgroup::') };
    },
  };
}

/** A bar that is drawn over and over on one line of a terminal. */
export function asBar(terminal: { write(text: string): unknown; columns?: number }): Progress {
  return {
    begin(what, total) {
      const began = performance.now();
      let drawn = Number.NEGATIVE_INFINITY;
      return {
        at(bytes) {
          const now = performance.now();
          if (now - drawn < 200 && bytes < total) return;
          drawn = now;
          const text = `${what}: ${progressText(bytes, total, (now - began) / 1000)}`;
          const room = Math.max(0, Math.min(30, (terminal.columns ?? 80) - text.length - 4));
          const full = total === 0 ? room : Math.round((bytes / total) * room);
          const bar = room > 5 ? ` [${'='.repeat(full)}${' '.repeat(room - full)}]` : '';
          terminal.write(`\r\u001b[2K${text}${bar}`);
        },
        end: () => terminal.write('\r\u001b[2K'),
      };
    },
  };
}
