import { describe, expect, it } from 'vitest';
import { type Definition, definitionOf, order } from '../../src/lifecycle/definition.ts';
import { version } from '../../src/lifecycle/version.ts';
import { definitions } from './given.ts';

function find(wanted: string, among: readonly string[], pattern?: RegExp): string {
  const match = definitionOf(version(wanted), definitions(...among), pattern);
  if (match.found === 'one') return match.definition.version.text;
  return match.found === 'none'
    ? 'none'
    : match.candidates.map((one) => one.version.text).join(' or ');
}

describe("the patch definition of a package's version", () => {
  it('is the one with exactly that version', () => {
    expect(find('127.0', ['127.0.1', '127.0', '126.0'])).toBe('127.0');
  });

  it('is never one whose version merely contains it', () => {
    expect(find('1.2', ['11.2', '1.2.1', '1.20', 'v1.2'])).toBe('none');
  });

  it.each(['17.0.1 (8472)', '17.0.1(8472)'])('may add a build in brackets: "%s"', (spelled) => {
    expect(find('17.0.1', [spelled, '17.0'])).toBe(spelled);
  });

  it('is not found by dropping brackets from the package, which names its build on purpose', () => {
    expect(find('6.4.12 (56699)', ['6.4.12', '6.4.12 (56700)'])).toBe('none');
  });

  it('is the exact one, where another has the same version with a build', () => {
    expect(find('17.0', ['17.0 (8472)', '17.0'])).toBe('17.0');
  });

  it('is never guessed: two that only differ in their build are both named', () => {
    expect(find('17.0', ['17.0 (8473)', '17.0 (8472)'])).toBe('17.0 (8473) or 17.0 (8472)');
  });

  it('is never guessed: the same version twice is several', () => {
    expect(find('17.0', ['17.0', '17.0'])).toBe('17.0 or 17.0');
  });

  it("is what the title's own pattern takes out of it", () => {
    expect(find('16.89.24090815', ['16.89 (24090815)'], /^(\S+) \(/u)).toBe('none');
    expect(find('2024.1', ['v2024.1 LTS', 'v2024.10 LTS'], /^v(\S+) LTS$/u)).toBe('v2024.1 LTS');
    expect(find('24.5', ['Release 24.5'], /\d+\.\d+$/u)).toBe('Release 24.5');
  });

  it('is only found by the pattern, where a title has one', () => {
    expect(find('24.5', ['24.5'], /^v(.*)$/u)).toBe('none');
  });
});

describe('the order of two versions', () => {
  const dated = (text: string, released: string, absoluteOrderId?: number): Definition => ({
    version: version(text),
    releaseDate: released,
    ...(absoluteOrderId !== undefined && { absoluteOrderId }),
  });
  const compare = (a: string, b: string, among: readonly Definition[]) =>
    order(version(a), version(b), among);

  it('comes from the patch definitions, whatever the text looks like', () => {
    const known = definitions('2.0', '10.0', '9.0');
    expect(compare('10.0', '2.0', known)).toBe('older');
    expect(compare('2.0', '9.0', known)).toBe('newer');
    expect(compare('9.0', '9.0', known)).toBe('same');
  });

  it.each([
    ['highest', 1],
    ['lowest', -1],
  ])('reads off the release dates that the %s order id is the newest', (_, sign) => {
    const known = [
      dated('3', '2026-03-01', sign * 3),
      dated('2', '2026-02-01', sign * 2),
      dated('1', '2026-01-01', sign),
    ];
    expect(compare('3', '1', known)).toBe('newer');
    expect(compare('1', '2', known)).toBe('older');
  });

  it('follows the order ids, where one release date is wrong', () => {
    const known = [
      dated('4', '2026-04-01', 0),
      dated('3', '2019-01-01', 1),
      dated('2', '2026-02-01', 2),
      dated('1', '2026-01-01', 3),
    ];
    expect(compare('3', '2', known)).toBe('newer');
  });

  it('comes from the release dates alone, where there are no order ids', () => {
    const known = [dated('b', '2026-02-01'), dated('a', '2026-01-01')];
    expect(compare('b', 'a', known)).toBe('newer');
  });

  it('is unknown, and not guessed, for a version that no definition has', () => {
    expect(compare('3.0', '2.0', definitions('2.0', '1.0'))).toBe('unknown');
    expect(compare('2.0', '3.0', definitions('2.0', '1.0'))).toBe('unknown');
  });

  it('is unknown for two that were released at the same moment, with nothing else to tell', () => {
    const known = [dated('b', '2026-02-01'), dated('a', '2026-02-01')];
    expect(compare('b', 'a', known)).toBe('unknown');
  });
});
