import { openRun } from '../../open-run.ts';
import { gatherJamf } from '../../stages/gather.ts';
import { Outcome } from '../../stages/outcome.ts';

/** What a Jamf Pro has of the catalog. */
export interface Seen {
  /** Short names of titles whose patch title and patch policies are there. */
  readonly there: readonly string[];
  /** The others, and what each lacks. */
  readonly missing: readonly { readonly title: string; readonly lacks: string }[];
}

/**
 * Looks which titles of the repository Jamf Pro has. Changes nothing.
 *
 * @throws JamfError when Jamf Pro does not answer, or does not take the credentials.
 * @throws SettingsError when recipes/patchbot.yaml can't be used.
 */
export async function lookAtJamf(
  folder: string,
  jamf: { readonly url: string; readonly clientId: string; readonly clientSecret: string },
): Promise<Seen> {
  const { run, close } = await openRun({
    folder,
    jamf,
    github: {},
    webhooks: {},
    dryRun: true,
    heartbeat: false,
    log: () => undefined,
    onSecret: () => undefined,
  });
  try {
    const outcome = new Outcome('init', true);
    const titles = run.recipes.titles.map((title) => ({ title, state: {} }));
    const found = await gatherJamf(run, outcome, titles);
    return {
      there: found.map(({ title }) => title.slug),
      missing: outcome.failures.map(({ title, message }) => ({ title, lacks: message })),
    };
  } finally {
    await close();
  }
}
