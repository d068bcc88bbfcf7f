import type { Temporal } from 'temporal-polyfill';
import type { Title } from '../lifecycle/title.ts';

/**
 * The Self Service description of a patch policy: "Update Google Chrome (2026-11-23)". People and
 * older tools read the ISO date in it (design, rule 11).
 */
export function updateDescription(title: Title, day: Temporal.PlainDate): string {
  return `Update ${title.name} (${day})`;
}
