import { escaped, plain, table } from './markdown.ts';
import { hiddenMarker } from './marker.ts';

/** A package that comes from elsewhere than those before it, as far as people are told. */
export interface CustodyProposal {
  readonly title: string;
  readonly version: string;
  /** In what its chain of custody differs, in words. */
  readonly reason: string;
  readonly downloads: readonly { readonly url: string; readonly sha256?: string }[];
  /** Where packages came from until now, and where this one does. */
  readonly before: { readonly origins: readonly string[]; readonly signers: readonly string[] };
  readonly now: { readonly origins: readonly string[]; readonly signers: readonly string[] };
  readonly recipes: readonly { readonly identifier: string; readonly from: string }[];
  readonly marker: string;
}

/** "Accept where Mozilla Firefox 127.0 comes from" */
export function custodyTitle({ title, version }: CustodyProposal): string {
  return plain(`Accept where ${title} ${version} comes from`);
}

/** What is different about the package, what to find out, and what merging does. */
export function custodyBody(proposal: CustodyProposal): string {
  const { title, version, reason, downloads, before, now, recipes, marker } = proposal;
  const name = `**${escaped(title)} ${escaped(version)}**`;
  const lines = (texts: readonly string[]) => texts.map(escaped).join('<br>') || '(not known)';
  return [
    hiddenMarker(marker),
    `AutoPkg has built ${name}, and ${escaped(reason)}. It was not uploaded.`,
    table(
      ['', 'Until now', 'This package'],
      [
        ['Downloaded from', lines(before.origins), lines(now.origins)],
        ['Signed by', lines(before.signers), lines(now.signers)],
      ],
    ),
    [
      '### What it was made from',
      [
        ...downloads.map(
          ({ url, sha256 }) =>
            `- ${escaped(url)}${sha256 ? `, SHA-256 ${sha256}` : ', which is gone by now'}`,
        ),
        ...recipes.map(({ identifier, from }) => `- ${escaped(identifier)}, of ${escaped(from)}`),
      ].join('\n') || '- nothing that its receipt names',
    ].join('\n\n'),
    [
      '### What to find out',
      'Has the vendor moved its downloads, or changed the certificate it signs with? Ask the vendor, not the download.',
    ].join('\n\n'),
    [
      '### What merging does',
      `Packages of ${escaped(title)} may come from there, and be signed so, from then on: the next build uploads this one.`,
    ].join('\n\n'),
    [
      '### What else you can do',
      '- **Decline it**: close this request. Nothing from there is uploaded, and you are not asked again.',
    ].join('\n\n'),
  ]
    .join('\n\n')
    .concat('\n');
}
