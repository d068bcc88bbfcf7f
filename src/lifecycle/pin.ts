import type { TitleState } from './title.ts';
import { sameVersion, type Version } from './version.ts';

/** What a title is kept at: newer versions are built and told, not promoted. */
export interface Pin {
  /** `exactly` "126.0.1", all that `begin` with "126." (or are "126"), or one release `behind` the newest. */
  readonly to:
    | { readonly kind: 'exactly'; readonly version: Version }
    | { readonly kind: 'begins'; readonly with: string }
    | { readonly kind: 'behind' };
  readonly reason: string;
}

/** Whether the pin lets a version into test at all. */
export function pinAdmits({ to }: Pin, wanted: Version): boolean {
  if (to.kind === 'exactly') return sameVersion(to.version, wanted);
  if (to.kind === 'begins') return wanted.text === to.with || wanted.text.startsWith(`${to.with}.`);
  return true;
}

/**
 * Why the pin keeps a version from the fleet; nothing when it doesn't. With "N-1" a version may go when a
 * newer one has been built after it.
 */
export function pinAgainst(
  pin: Pin | undefined,
  wanted: Version,
  state: TitleState,
): string | undefined {
  if (!pin) return undefined;
  if (!pinAdmits(pin, wanted)) return `the title is pinned to ${pinText(pin)}`;
  if (pin.to.kind === 'behind' && isNewest(wanted, state))
    return `the title is pinned to ${pinText(pin)}, and ${wanted.text} is the newest`;
  return undefined;
}

function isNewest(wanted: Version, state: TitleState): boolean {
  return !state.package || sameVersion(wanted, state.package.version);
}

/** The pin as it is written, with its reason: "126.* (the tax plug-in needs it)". */
export function pinText({ to, reason }: Pin): string {
  const what =
    to.kind === 'exactly' ? to.version.text : to.kind === 'begins' ? `${to.with}.*` : 'N-1';
  return `${what} (${reason})`;
}
