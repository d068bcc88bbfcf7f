import type { AutoPkgSettings } from './autopkg.ts';
import { isRecipeName } from './command.ts';
import type { Cause } from './failure.ts';
import type { Override } from './override.ts';

/**
 * The first thing to try, for somebody who is called at seven in the morning: a command where there is one.
 *
 * @param override the title's override, if there is one.
 */
export function remedyFor(
  cause: Cause,
  recipe: string,
  settings: AutoPkgSettings,
  override: Override | undefined,
): string {
  const command = (verb: string) => autoPkgCommand(verb, recipe, settings);
  switch (cause.kind) {
    case 'trust missing':
      return override
        ? `read the parent recipes, then vouch for them and commit: ${command('update-trust-info')}`
        : `read the recipe, then make an override and commit it: ${command('make-override')}`;
    case 'trust changed':
      return `read what changed: ${command('verify-trust-info -vv')}; if it is good, vouch for it and commit: ${command('update-trust-info')}`;
    case 'recipe not found':
      return `is the title's "recipe" spelled as its file in ${settings.overridesDir}? To find it elsewhere: autopkg search ${shellWord(recipe)}`;
    case 'parent missing':
      return override?.parent
        ? `add the recipe repository that has ${override.parent} to recipes/repos.yaml; to find it: autopkg search ${shellWord(override.parent)}`
        : 'add the recipe repository that has the parent to recipes/repos.yaml';
    case 'repository not in place':
      return 'look at the pin of that repository in recipes/repos.yaml, and whether the runner reaches it (git ls-remote)';
    case 'download failed':
      return downloadRemedy(cause, command('run -vv'));
    case 'signature mismatch':
      return `do not install this download by hand; compare its signer with the vendor's (pkgutil --check-signature, codesign -dvv), and look for a newer recipe: ${command('run -vv')}`;
    case 'processor error':
      return `see the steps before it: ${command('run -vvv')}`;
    case 'unknown processor':
      return `add the recipe repository that has the processor to recipes/repos.yaml; to see what is missing: ${command('verify-trust-info -vv')}`;
    case 'autopkg too old':
      return 'install the newest AutoPkg on the runner: https://github.com/autopkg/autopkg/releases';
    case 'invalid recipe':
      return override
        ? `check the file: plutil -lint ${shellWord(override.path)}; then its parents: ${command('info')}`
        : `check the recipe: ${command('info')}`;
    case 'disk full':
      return `free space on the runner (df -h ${shellWord(settings.cacheDir)}): each title has a folder in ${settings.cacheDir}, and any of them may be deleted`;
    case 'timeout':
      return `see where it hangs: ${command('run -vv')}; if it only needs longer, raise "build-minutes" under "limits" in recipes/patchbot.yaml`;
    case 'busy':
      return 'wait until that process is done; if it hangs, end it: the next run clears away what it leaves';
    case 'usage':
      if (!isRecipeName(recipe))
        return 'write the title\'s "recipe" as the override\'s file is called: Firefox.pkg';
      return 'check that autopkg runs on the runner: autopkg version';
    case 'crashed':
      return `run it by hand to see the whole traceback: ${command('run -vvv')}`;
    case 'no package':
      return `name a recipe that ends in a package (….pkg, not ….download) as the title's "recipe"; to see the steps: ${command('info')}`;
    case 'cancelled':
      return 'start the workflow again; if nobody cancelled it, look at the memory and the time limit of the runner';
  }
}

function downloadRemedy(cause: Cause, again: string): string {
  if (cause.httpStatus === 401 || cause.httpStatus === 403)
    return `the vendor refuses the download: has it moved, or are there too many downloads from this address? ${again}`;
  if (cause.httpStatus === 404 || cause.httpStatus === 410)
    return `the vendor has moved the download: look for a newer recipe in its repository, else try: ${again}`;
  if (cause.httpStatus === 429 || (cause.httpStatus ?? 0) >= 500)
    return `the vendor's server has trouble: it is tried again with the next run; to try now: ${again}`;
  return `check the runner's network and proxy; to try now: ${again}`;
}

/** A command that can be pasted into a shell. */
function autoPkgCommand(verb: string, recipe: string, settings: AutoPkgSettings): string {
  const searched = (settings.searchDirs ?? []).map((folder) => `--search-dir ${shellWord(folder)}`);
  // A dozen recipe repositories would bury the command: then those of AutoPkg's preferences must do.
  const search = searched.length <= 3 ? searched : [];
  return [
    'autopkg',
    verb,
    `--override-dir ${shellWord(settings.overridesDir)}`,
    ...search,
    shellWord(recipe),
  ].join(' ');
}

function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
