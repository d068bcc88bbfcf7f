import { describe, expect, it } from 'vitest';
import { Outcome } from '../src/stages/outcome.ts';
import { outcomeText, planText } from '../src/terminal.ts';

const zoom = { slug: 'zoom', name: 'Zoom' };

describe('the text of an outcome', () => {
  it('says that nothing is changed of a stage that could, and not of one that only looks', () => {
    expect(outcomeText(new Outcome('build', true))).toMatch(/^build \(dry run/);
    for (const stage of ['doctor', 'why', 'forecast'])
      expect(outcomeText(new Outcome(stage, true)).split('\n')[0]).toBe(stage);
  });

  it('names the line of a file that is wrong', () => {
    const outcome = new Outcome('status', true);
    const file = 'recipes/titles/zoom.yaml';
    outcome.problems([{ file, line: 4, column: 1, title: 'zoom', message: 'unknown key "saok"' }]);
    expect(outcomeText(outcome)).toContain(`${file}:4:1: unknown key "saok"`);
  });
});

describe('the text of a plan', () => {
  it('says so when there is nothing to do', () => {
    const outcome = new Outcome('status', true);
    outcome.add(zoom, 'nothing', 'all is well');
    expect(planText(outcome)).toBe(
      'plan\nThere is nothing to do: every title is as it should be.\n',
    );
    outcome.add(zoom, 'waits', 'until Monday');
    expect(planText(outcome)).toMatch(/^plan\n\. {2}Zoom {4}until Monday\n/);
  });
});
