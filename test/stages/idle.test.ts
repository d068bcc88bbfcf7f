import { describe, expect, it } from 'vitest';
import { version } from '../../src/lifecycle/version.ts';
import { build } from '../../src/stages/build.ts';
import { propose } from '../../src/stages/propose.ts';
import { test } from '../../src/stages/test.ts';
import { type CompanyTitle, inProduction, startCompany } from './company.ts';

/** So many titles, each with a version that was in production all along. */
function titles(count: number): CompanyTitle[] {
  return Array.from({ length: count }, (_, index) => ({
    slug: `title-${index + 1}`,
    name: `Title ${index + 1}`,
  }));
}

describe('a daily run in which nothing is new', () => {
  it('asks Jamf and GitHub the same few things for 10, 100 and 1,000 titles', {
    timeout: 300_000,
  }, async () => {
    const asked: Record<string, readonly [number, number]> = {};
    for (const count of [10, 100, 1_000]) {
      const all = titles(count);
      const fleet = await startCompany(all, { files: inProduction(all, version('1.0')) });
      try {
        for (const stage of [build, test, propose]) {
          const outcome = await fleet.run(stage);
          expect(outcome.failures).toEqual([]);
          expect(outcome.rows).toHaveLength(count);
          expect(outcome.isQuiet).toBe(true);
          const name = outcome.stage;
          const before = asked[name];
          const now = [fleet.jamf.requests.length, fleet.github.requests.length] as const;
          expect(now, `${name} with ${count} titles`).toEqual(before ?? now);
          asked[name] = now;
          fleet.jamf.resetCounts();
          fleet.github.resetCounts();
        }
      } finally {
        await fleet.close();
      }
    }
    expect(asked['build']?.[0]).toBe(0);
    expect(asked['test']?.[0]).toBeLessThanOrEqual(5);
  });
});
