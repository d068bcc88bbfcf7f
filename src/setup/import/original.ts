import { type RecipeFile, type RecipeStep, type SourceFile, stepsOf } from './recipe-file.ts';
import type { Converted, Note, WantedTitle } from './wanted.ts';

/*
 * The original PatchBot: three AutoPkg processors (JPCImporter uploads a package, PatchManager sends it
 * to test, Production moves it on), called by a .ptch and a .prod recipe for each application, and
 * three lists of recipes that a script runs each morning.
 * https://github.com/Honestpuck/PatchBotProcessors, …/PatchBotTools, …/PatchBotExamples
 */

/** Days in test and to the deadline, where neither a recipe nor Production.py says otherwise. */
const itsDefault = { delta: 7, deadline: 7 };

/** JPCImporter gives every package this category. */
const category = 'Applications';

/** What the recipes say of one application. */
interface Application {
  readonly package: string;
  readonly patch: string;
  readonly from: readonly string[];
  /** What Production is given, and by which file. */
  readonly production?: RecipeStep['arguments'];
  readonly promotedBy?: string;
  /** The parent of a recipe that builds, tests and promotes in one (a fork's .jpci recipe). */
  readonly builtBy?: string;
  /** The names of its recipes: "Firefox.ptch", "Firefox.prod". */
  readonly recipes: readonly string[];
}

/** Makes titles of the recipes of an original PatchBot, and says what cannot be carried over. Pure. */
export function fromOriginal(
  recipes: readonly RecipeFile[],
  others: readonly SourceFile[],
): Converted {
  const left: Note[] = [];
  const notes: Note[] = [];
  const lists = listsIn(others);
  const defaults = defaultsIn(others, notes);
  const titles: WantedTitle[] = [];
  for (const application of applicationsIn(recipes, left)) {
    const file = application.from[0] ?? application.package;
    const tested = application.recipes.find((name) => name.endsWith('.ptch'));
    if (lists.test && tested && !lists.test.names.has(tested) && !application.builtBy) {
      left.push({
        file,
        text: `${lists.test.path} does not run ${tested}: it was at rest. To wake it, add it there and import again`,
      });
      continue;
    }
    const recipe = application.builtBy ?? recipeFor(application, recipes, lists.packages?.names);
    if (!recipe) {
      left.push({
        file,
        text: `no recipe builds its package: neither ${lists.packages?.path ?? 'packages.txt'} nor an override is called "${application.package}.pkg". Write recipes/titles/….yaml by hand, with "recipe:" and "patch: ${application.patch}"`,
      });
      continue;
    }
    titles.push(titleOf(application, recipe, defaults, lists, notes));
  }
  left.push(...buildsAlone(lists, titles));
  const read = Object.values(lists).map(({ path }) => path);
  return { titles, left, notes, read };
}

function titleOf(
  application: Application,
  recipe: string,
  defaults: typeof itsDefault,
  lists: Lists,
  notes: Note[],
): WantedTitle {
  const file = application.promotedBy ?? application.from[0] ?? application.package;
  const given = application.production ?? {};
  const hasPatch = application.patch.toLowerCase() !== 'none';
  const name = hasPatch ? application.patch : application.package;
  const soak = daysIn(
    file,
    'delta',
    given['delta'] ?? given['min_days_until_prod'] ?? given['days_until_prod'],
    notes,
  );
  const deadline = daysIn(file, 'deadline', given['deadline'], notes);
  const windows = windowsIn(given);
  const promoted = application.recipes.find((one) => one.endsWith('.prod'));
  if (!application.production)
    notes.push({
      file,
      text: 'no .prod recipe moves it on: it never left test. Place a hold if it should not ("patchbot hold")',
    });
  else if (lists.production && promoted && !lists.production.names.has(promoted))
    notes.push({
      file,
      text: `${lists.production.path} does not run ${promoted}: it never left test. Place a hold if it should not ("patchbot hold")`,
    });
  if (given['test_weekdays'] || given['test_not_before'])
    notes.push({
      file,
      text: 'the days and hours for test are left out: a new version goes to the testers with the daily run',
    });
  return {
    from: application.from,
    recipe,
    name,
    patch: hasPatch ? application.patch : 'none',
    category,
    policies: {
      ...(hasPatch && {
        test: `${application.patch} Test`,
        production: `${application.patch} Stable`,
      }),
      install: `Install ${application.package}`,
    },
    soak: Math.max(0, soak ?? defaults.delta),
    deadline: Math.max(1, deadline ?? defaults.deadline),
    ...(windows && { windows }),
  };
}

/** Joins the recipes of each application; what contradicts itself is left. */
function applicationsIn(recipes: readonly RecipeFile[], left: Note[]): readonly Application[] {
  const found = new Map<string, Application>();
  for (const recipe of recipes) {
    const steps = stepsOf(recipe);
    const test = steps.find(({ processor }) => processor === 'PatchManager');
    const production = steps.find(({ processor }) => processor === 'Production');
    const builds = steps.some(({ processor }) => processor === 'JPCImporter');
    const named = production ?? test;
    if (!named) {
      const kind = /\.(ptch|prod)$/.exec(recipe.name)?.[1];
      if (kind)
        left.push({
          file: recipe.path,
          text: `it runs neither PatchManager nor Production, but ${steps.map(({ processor }) => processor).join(', ') || 'nothing'}`,
        });
      continue;
    }
    // The published example says "title", which the processors do not read: they take "package" then
    // from the recipe's inputs.
    const application =
      named.arguments['package'] ?? text(recipe.input['package']) ?? named.arguments['title'];
    if (!application || /%\w+%/.test(application)) {
      left.push({ file: recipe.path, text: 'it does not say which "package" it moves' });
      continue;
    }
    const patch = named.arguments['patch'] || text(recipe.input['patch']) || application;
    const before = found.get(application);
    if (before && before.patch !== patch) {
      left.push({
        file: recipe.path,
        text: `it says that ${application} is the patch title "${patch}", but ${before.from.join(', ')} says "${before.patch}": make them agree and import again`,
      });
      continue;
    }
    const given =
      production || before?.production
        ? { ...before?.production, ...production?.arguments }
        : undefined;
    const promotedBy = production ? recipe.path : before?.promotedBy;
    const builtBy = (builds ? recipe.parent : undefined) ?? before?.builtBy;
    found.set(application, {
      package: application,
      patch,
      from: [...(before?.from ?? []), recipe.path],
      recipes: [...(before?.recipes ?? []), recipe.name],
      ...(given && { production: given }),
      ...(promotedBy && { promotedBy }),
      ...(builtBy && { builtBy }),
    });
  }
  return [...found.values()];
}

/** The recipe that builds an application's package: by the name of its list entry, or of its override. */
function recipeFor(
  application: Application,
  recipes: readonly RecipeFile[],
  listed: ReadonlySet<string> | undefined,
): string | undefined {
  const stems = [
    application.package,
    ...application.recipes.map((name) => name.replace(/\.(ptch|prod)$/, '')),
  ];
  const wanted = new Set(stems.map((stem) => `${stem}.pkg`.toLowerCase()));
  const names = [...recipes.map(({ name }) => name), ...(listed ?? [])];
  return names.find((name) => wanted.has(name.toLowerCase()));
}

/** Packages that are built and uploaded, and then moved by nobody. */
function buildsAlone(lists: Lists, titles: readonly WantedTitle[]): Note[] {
  const { packages } = lists;
  if (!packages) return [];
  const moved = new Set(titles.map(({ recipe }) => recipe.toLowerCase()));
  return [...packages.names]
    .filter((name) => !moved.has(name.toLowerCase()))
    .map((name) => ({
      file: packages.path,
      text: `${name} is built, but no .ptch or .prod recipe here moves it on: which patch title it is nobody says. Write recipes/titles/….yaml by hand, with "recipe: ${name}", "patch:" and "category: ${category}"`,
    }));
}

interface List {
  readonly path: string;
  readonly names: ReadonlySet<string>;
}

interface Lists {
  readonly packages?: List;
  readonly test?: List;
  readonly production?: List;
}

/** The lists of recipes that autopkg.sh runs, known by what is in them: `autopkg run --recipe-list`. */
function listsIn(files: readonly SourceFile[]): Lists {
  const lists = files
    .filter(({ path }) => path.endsWith('.txt'))
    .map(({ path, text }) => ({
      path,
      names: new Set(
        text
          .split(/\r?\n/)
          .map((line) => line.trim())
          // A command that somebody wrote down ("autopkg run Firefox.pkg") is no recipe.
          .filter((line) => !/^$|^#|^(.*\/)?autopkg\s/.test(line)),
      ),
    }));
  const ending = (kind: string) =>
    lists.find(({ names }) => names.size > 0 && [...names].every((name) => name.endsWith(kind)));
  const packages = ending('.pkg');
  const test = ending('.ptch');
  const production = ending('.prod');
  return {
    ...(packages && { packages }),
    ...(test && { test }),
    ...(production && { production }),
  };
}

/** What somebody changed in Production.py itself: it has no other setting for all applications. */
function defaultsIn(files: readonly SourceFile[], notes: Note[]): typeof itsDefault {
  const file = files.find(({ path }) => /(^|\/)Production\.py$/.test(path));
  if (!file) return itsDefault;
  const constant = (name: string, otherwise: number) => {
    const found = new RegExp(`^${name}\\s*=\\s*(-?\\d+)\\b`, 'm').exec(file.text)?.[1];
    return found === undefined ? otherwise : Number(found);
  };
  const changed = {
    delta: constant('DEFAULT_DELTA', itsDefault.delta),
    deadline: constant('DEFAULT_DEADLINE', itsDefault.deadline),
  };
  if (changed.delta !== itsDefault.delta || changed.deadline !== itsDefault.deadline)
    notes.push({
      file: file.path,
      text: `its defaults (${changed.delta} days in test, deadline after ${changed.deadline}) are written into each title; to say them once, set "soak" and "deadline" in recipes/patchbot.yaml and take them out again`,
    });
  return changed;
}

/** A number of days that a recipe gives; 0 and less as the original reads it. */
function daysIn(
  file: string,
  what: 'delta' | 'deadline',
  given: string | undefined,
  notes: Note[],
): number | undefined {
  if (given === undefined || given.trim() === '') return undefined;
  const days = /^-?\d{1,3}$/.test(given.trim()) ? Number(given) : undefined;
  if (days === undefined) {
    notes.push({ file, text: `its ${what} "${given}" is no number of days: the default is taken` });
    return undefined;
  }
  if (days === 0) {
    // Production.py can't tell 0 from nothing said, whatever the examples promise.
    notes.push({
      file,
      text: `its ${what} 0 counted as "not set" in the original, so the default is taken${what === 'delta' ? '; write "soak: 0" if you mean at once' : ''}`,
    });
    return undefined;
  }
  return days;
}

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A fork's days and hours for production: "0123" is Monday to Thursday. */
function windowsIn(given: Readonly<Record<string, string>>): readonly string[] | undefined {
  const days = given['prod_weekdays'] ?? '';
  if (!/^[0-6]+$/.test(days)) return undefined;
  const hour = /^([01]\d|2[0-3]):[0-5]\d$/;
  const from = given['prod_not_before'] ?? '';
  const to = given['prod_not_after'] ?? '';
  const hours = hour.test(from) && hour.test(to) && from < to ? ` ${from}-${to}` : '';
  return [...new Set(days)].sort().map((day) => `${weekdays[Number(day)]}${hours}`);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
