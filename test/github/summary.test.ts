import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { annotate, summaryText, writeSummary } from '../../src/github/github.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('a job summary', () => {
  it('is a table with a row for each title', () => {
    const text = summaryText({
      heading: 'Test',
      text: 'One moved.',
      rows: [
        { title: 'Chrome', version: '127.0', what: 'in test', why: 'new' },
        { title: 'Slack', what: 'waits', why: 'no definition | yet\n::error::' },
      ],
    });
    expect(text).toBe(
      [
        '## Test',
        '',
        'One moved.',
        '',
        '| Title | Version | What | Why |',
        '| --- | --- | --- | --- |',
        '| Chrome | 127.0 | in test | new |',
        '| Slack |  | waits | no definition &#124; yet &#58;&#58;error&#58;: |',
        '',
        '',
      ].join('\n'),
    );
  });

  it('says how many rows it leaves out when Actions would not show it', () => {
    const rows = Array.from({ length: 3000 }, (_, n) => ({
      title: `Title ${n}`,
      what: 'failed',
      why: 'x'.repeat(1000),
    }));
    const text = summaryText({ heading: 'Test', rows });
    expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
    const shown = text.match(/^\| Title \d/gm)?.length ?? 0;
    expect(text).toContain(`and ${3000 - shown} more`);
  });

  it('is added to the one of the job, and to nothing at a terminal', async () => {
    vi.stubEnv('GITHUB_STEP_SUMMARY', '');
    expect(await writeSummary({ heading: 'Test', rows: [] })).toBe(false);
    const dir = await mkdtemp(join(tmpdir(), 'patchbot-summary-'));
    try {
      const file = join(dir, 'summary.md');
      await writeFile(file, '# Before\n\n');
      vi.stubEnv('GITHUB_STEP_SUMMARY', file);
      expect(await writeSummary({ heading: 'Test', text: 'Nothing new.', rows: [] })).toBe(true);
      expect(await readFile(file, 'utf8')).toBe('# Before\n\n## Test\n\nNothing new.\n\n');
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe('an annotation', () => {
  const said = (stream: 'stdout' | 'stderr') => {
    const lines: string[] = [];
    vi.spyOn(process[stream], 'write').mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
    return lines;
  };

  it('stands at its place in the file, and lets no text be a command of its own', () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    const lines = said('stdout');
    annotate({
      level: 'error',
      title: 'Chrome, the',
      message: 'bad\n::set-env name=X::y',
      file: 'state/chrome.yaml',
      line: 3,
      column: 5,
    });
    expect(lines.join('')).toBe(
      '::error title=Chrome%2C the,file=state/chrome.yaml,line=3,col=5::bad%0A::set-env name=X::y\n',
    );
  });

  it('is a plain line at a terminal', () => {
    vi.stubEnv('GITHUB_ACTIONS', '');
    const lines = said('stderr');
    annotate({ level: 'warning', title: 'Chrome', message: 'bad', file: 'a.yaml', line: 3 });
    expect(lines).toEqual(['warning: a.yaml:3: Chrome: bad\n']);
  });
});
