import { describe, expect, it } from 'vitest';
import { Progress } from '../../src/autopkg/progress.ts';
import { inParallel, longestFirst, timeLeft } from '../../src/autopkg/schedule.ts';

describe('runs that start', () => {
  const seconds: Readonly<Record<string, number>> = { office: 90, slack: 5, zoom: 20 };

  it('do so in the order of how long they took, and unknown ones before all others', () => {
    const titles = ['slack', 'new-1', 'zoom', 'office', 'new-2'];
    expect(longestFirst(titles, (title) => seconds[title])).toEqual([
      'new-1',
      'new-2',
      'office',
      'zoom',
      'slack',
    ]);
  });

  it('are never more at once than they may be, and all of them start', async () => {
    let running = 0;
    let most = 0;
    const done: number[] = [];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      done.push(item);
    });
    expect(most).toBe(3);
    expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('the time that is left', () => {
  it('is unknown while no run is known', () => {
    expect(timeLeft([{ elapsed: 3 }, {}], 2)).toBeUndefined();
  });

  it('is that of the longest chain of runs, one after the other', () => {
    const runs = [{ seconds: 30, elapsed: 10 }, { seconds: 10, elapsed: 0 }, { seconds: 25 }];
    expect(timeLeft(runs, 2)).toBe(35);
    expect(timeLeft(runs, 3)).toBe(25);
    expect(timeLeft([{ seconds: 10 }, { seconds: 20 }], 1)).toBe(30);
  });

  it('takes an unknown run for an ordinary one, and one that is overdue for nearly done', () => {
    expect(timeLeft([{ seconds: 20 }, {}], 1)).toBe(40);
    expect(timeLeft([{ seconds: 20, elapsed: 500 }], 1)).toBe(1);
  });
});

describe('the progress of many runs', () => {
  it('tells which start and end and what still runs; the output of each comes in one piece', () => {
    const log: string[] = [];
    const progress = new Progress(
      new Map([
        ['office', 90],
        ['slack', undefined],
        ['zoom', 30],
      ]),
      2,
      {
        line: (text) => log.push(text),
        fold: (heading, lines) => log.push(`[${heading}]`, ...lines),
      },
    );
    const office = progress.starts('office');
    const slack = progress.starts('slack');
    office.line('autopkg: URLDownloader');
    slack.line('autopkg: Processing Slack.pkg...');
    office.line('autopkg: URLDownloader: Downloaded /x');
    slack.line('autopkg: PkgCopier');
    slack.ends('built');
    expect(log).toEqual([
      'office: starts (1 min 30 s the last time)',
      'slack: starts',
      '[slack: built (0 s)]',
      'autopkg: Processing Slack.pkg...',
      'autopkg: PkgCopier',
      'slack: built (0 s); 1 of 3 done; running: office (0 s, in URLDownloader); about 1 min 30 s left',
    ]);
    office.ends('failed');
    progress.starts('zoom').ends('nothing new');
    expect(log.at(-1)).toBe('zoom: nothing new (0 s); 3 of 3 done');
  });
});
