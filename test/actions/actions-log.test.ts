import { describe, expect, it } from 'vitest';
import { actionsLog } from '../../src/actions-log.ts';

describe('the log of an Actions run', () => {
  it('folds lines that belong together, and lets no line be a command', () => {
    const written: string[] = [];
    const log = actionsLog((line) => written.push(line));
    log.line('::set-output name=x::y');
    log.fold('slack: built', ['autopkg: PkgCopier', '::add-mask::x', '##[group]y']);
    expect(written[0]).not.toMatch(/^::/);
    expect(written.slice(1)).toEqual([
      '::group::slack: built',
      'autopkg: PkgCopier',
      expect.not.stringMatching(/^::/),
      expect.not.stringContaining('##['),
      '::endgroup::',
    ]);
  });

  it('keeps a group back while another is open', () => {
    const written: string[] = [];
    const log = actionsLog((line) => written.push(line));
    log.asIs('::group::Upload of Office.pkg');
    log.fold('slack: built', ['autopkg: PkgCopier']);
    log.line('zoom: starts');
    log.asIs('::endgroup::');
    expect(written).toEqual([
      '::group::Upload of Office.pkg',
      'zoom: starts',
      '::endgroup::',
      '::group::slack: built',
      'autopkg: PkgCopier',
      '::endgroup::',
    ]);
  });
});
