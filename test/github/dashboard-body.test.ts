import { describe, expect, it } from 'vitest';
import {
  type Dashboard,
  dashboardBody,
  type ListedTitle,
  ticksIn,
} from '../../src/github/dashboard-body.ts';
import { markerIn } from '../../src/github/marker.ts';

const chrome: ListedTitle = {
  name: 'Google Chrome',
  version: '127.0',
  text: 'soaking until 2026-11-30, 3 of 7 days done',
  boxes: [
    {
      tick: { asks: 'expedite', slug: 'google-chrome', version: '127.0' },
      text: 'Expedite 127.0: ask for its merge now',
    },
  ],
};
const zoom: ListedTitle = {
  name: 'Zoom',
  version: '6.4.12 (56699)',
  text: 'held by carl since 2026-11-23: no sound',
  boxes: [{ tick: { asks: 'release', slug: 'zoom' }, text: 'Release it' }],
};
const dashboard: Dashboard = {
  phases: [
    { heading: 'On hold', titles: [zoom] },
    { heading: 'In test', titles: [chrome] },
    { heading: 'In production', folded: true, titles: [{ name: 'Slack', text: 'offers 4.41' }] },
    { heading: 'Waiting', titles: [] },
  ],
};
const tick = (body: string, line: RegExp) =>
  body
    .split('\n')
    .map((text) => (line.test(text) ? text.replace('[ ]', '[x]') : text))
    .join('\n');

describe('the dashboard', () => {
  it('lists each title by phase, with why and until when', () => {
    const body = dashboardBody(dashboard);
    expect(body).toContain('### On hold (1)\n\n- **Zoom** 6.4.12 (56699): held by carl');
    expect(body).toContain('### In test (1)\n\n- **Google Chrome** 127.0: soaking until');
    expect(body).toContain('<summary>In production (1)</summary>');
    expect(body).not.toContain('Waiting');
    expect(markerIn(body)).toBe('dashboard');
  });

  it('has nothing ticked when it is written', () => {
    expect(ticksIn(dashboardBody(dashboard))).toEqual([]);
  });

  it('tells what was ticked, also after the web editor has saved it', () => {
    const body = dashboardBody(dashboard);
    expect(ticksIn(tick(body, /Expedite/))).toEqual([
      { asks: 'expedite', slug: 'google-chrome', version: '127.0' },
    ]);
    expect(ticksIn(tick(body, /Release|Stop/).replaceAll('\n', '\r\n'))).toEqual([
      { asks: 'halt' },
      { asks: 'release', slug: 'zoom' },
    ]);
    expect(ticksIn(tick(body, /Expedite/).replace('[x]', '[X]'))).toHaveLength(1);
  });

  it('offers to let everything move again while everything is stopped', () => {
    const body = dashboardBody({ ...dashboard, halt: 'outage at the vendor' });
    expect(body).toContain('**Everything is stopped**: outage at the vendor');
    expect(body).not.toContain('Stop everything');
    expect(ticksIn(tick(body, /move again/))).toEqual([{ asks: 'resume' }]);
  });

  it('keeps any version in its boxes as it was', () => {
    for (const version of ['1-->2', '--', 'a=b', '6.4.12 (56699)', 'é%']) {
      const title = {
        ...chrome,
        boxes: [{ tick: { asks: 'expedite', slug: 'x', version }, text: 'Do it' } as const],
      };
      const body = dashboardBody({ phases: [{ heading: 'In test', titles: [title] }] });
      expect(ticksIn(tick(body, /Do it/))).toEqual([{ asks: 'expedite', slug: 'x', version }]);
    }
  });

  it('makes no box, markup or mention of names, versions and reasons', () => {
    const evil = 'x\n- [x] <!-- halt --> <b> @acme | [a](https://evil.example)';
    const body = dashboardBody({
      halt: evil,
      phases: [{ heading: evil, titles: [{ name: evil, version: evil, text: evil }] }],
    });
    expect(ticksIn(body)).toEqual([]);
    expect(body).not.toMatch(/<b>|@acme|\]\(https:\/\/evil/);
  });

  it('is not taken in by boxes that are none of its own', () => {
    expect(ticksIn('- [x] <!-- launch=missiles -->')).toEqual([]);
    expect(ticksIn('- [x] <!-- %E0%A4%A -->')).toEqual([]);
    expect(ticksIn('- [x] halt')).toEqual([]);
    expect(ticksIn('- [x] <!-- expedite= -->')).toEqual([]);
  });

  it('stays below what GitHub takes, however many titles there are', () => {
    const titles = Array.from({ length: 2000 }, () => chrome);
    const body = dashboardBody({ phases: [{ heading: 'In test', titles }] });
    expect(body.length).toBeLessThan(65_536);
    expect(body).toMatch(/In test \(2000\)[\s\S]*- and \d+ more/);
  });

  it('says what to do when there is no title', () => {
    expect(dashboardBody({ phases: [] })).toContain('add one in `recipes/titles/`');
  });
});
