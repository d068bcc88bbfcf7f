import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { judge, readTroubles, troublesText } from '../../src/state/troubles.ts';

const day = (text: string) => Temporal.PlainDate.from(text);
const all = () => true;
const failed = { title: 'slack', message: 'download failed: 404 after 12 s' };

describe('a trouble', () => {
  it('is told when it is new, not again on that day, and since when on the next', () => {
    const first = judge([], 'build', [failed], all, day('2026-09-07'));
    expect(first.tell).toEqual([{ met: failed }]);
    const again = judge(first.troubles, 'build', [failed], all, day('2026-09-07'));
    expect(again.tell).toEqual([]);
    expect(again.troubles).toEqual(first.troubles);
    const next = judge(first.troubles, 'build', [failed], all, day('2026-09-08'));
    expect(next.tell).toEqual([{ met: failed, since: day('2026-09-07') }]);
    expect(next.troubles).toMatchObject([{ since: day('2026-09-07'), told: day('2026-09-08') }]);
  });

  it('is the same whatever its numbers, and another one with other words', () => {
    const { troubles } = judge([], 'build', [failed], all, day('2026-09-07'));
    const slower = { ...failed, message: 'download failed: 404 after 31 s' };
    expect(judge(troubles, 'build', [slower], all, day('2026-09-07')).tell).toEqual([]);
    const other = { ...failed, message: 'the signature is wrong' };
    expect(judge(troubles, 'build', [other], all, day('2026-09-07')).tell).toEqual([
      { met: other },
    ]);
  });

  it('is told by one stage, though several meet it', () => {
    const { troubles } = judge([], 'build', [failed], all, day('2026-09-07'));
    expect(judge(troubles, 'test', [failed], all, day('2026-09-07')).tell).toEqual([]);
  });

  it('is over when the stage that met it meets it no more', () => {
    const { troubles } = judge([], 'build', [failed], all, day('2026-09-07'));
    expect(judge(troubles, 'test', [], all, day('2026-09-08')).troubles).toEqual(troubles);
    const others = (title: string) => title !== 'slack';
    expect(judge(troubles, 'build', [], others, day('2026-09-08')).troubles).toEqual(troubles);
    expect(judge(troubles, 'build', [], all, day('2026-09-08')).troubles).toEqual([]);
  });

  it('is remembered in a file that people can read, and that is not there when all is well', () => {
    const { troubles } = judge([], 'build', [failed], all, day('2026-09-07'));
    const text = troublesText(troubles);
    expect(text).toContain('- title: slack\n  stage: build\n');
    expect(readTroubles(text ?? undefined)).toEqual(troubles);
    expect(troublesText([])).toBeNull();
  });

  it('is as good as new when somebody has broken that file', () => {
    for (const text of [undefined, '', 'x: [', '- title: 1', '- {title: a, since: never}'])
      expect(readTroubles(text)).toEqual([]);
  });
});
