import { escaped, plain } from './markdown.ts';
import { hiddenMarker } from './marker.ts';
import {
  riskLines,
  type ShownFile,
  type ShownRisk,
  shownFiles,
  warningBox,
} from './shown-files.ts';

/** A title that is to be looked after, as far as people are told. */
export interface AddProposal {
  readonly title: string;
  readonly recipe: string;
  /** All that it would run. */
  readonly files: readonly ShownFile[];
  readonly risks: readonly ShownRisk[];
  /** What Jamf Pro lacks for it, in words; absent when Jamf was not asked. */
  readonly lacking?: readonly string[];
  readonly marker: string;
}

/** "Add Mozilla Firefox" */
export function addTitle({ title }: AddProposal): string {
  return plain(`Add ${title}`);
}

/** What would run, what Jamf Pro still lacks, and what merging does. */
export function addBody(proposal: AddProposal): string {
  const { title, recipe, files, risks, lacking, marker } = proposal;
  const shown = shownFiles(files);
  const warnings = warningBox([...shown.incomplete, ...riskLines(risks)]);
  return [
    hiddenMarker(marker),
    `Look after **${escaped(title)}**, built by the AutoPkg recipe ${escaped(recipe)}. Read what would run; merging vouches for it.`,
    ...(warnings ? [warnings] : []),
    ['### What Jamf Pro has for it', jamf(lacking)].join('\n\n'),
    ['### What would run', ...shown.parts].join('\n\n'),
    [
      '### What merging does',
      `From the next build on, ${escaped(title)} is built, tested and proposed like the others; the settings are in its title file, which is part of this request.`,
    ].join('\n\n'),
  ]
    .join('\n\n')
    .concat('\n');
}

function jamf(lacking: readonly string[] | undefined): string {
  if (!lacking) return 'Jamf Pro was not asked: run `patchbot doctor` once this is merged.';
  if (lacking.length === 0) return 'All that it needs: the patch title and its policies are there.';
  return lacking.map((text) => `- ${escaped(text)}`).join('\n');
}
