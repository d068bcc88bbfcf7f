import { parse as parsePlist } from 'plist';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { recipeName } from '../../autopkg/override.ts';

/** A file of the folder that is imported; `path` is relative to it, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One step of a recipe: a processor, and what it is given, with the recipe's own inputs filled in. */
export interface RecipeStep {
  /** Without the recipe that it comes from: "JamfPackageUploader". */
  readonly processor: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/** An AutoPkg recipe or override, as far as an import needs to know it. */
export interface RecipeFile {
  readonly path: string;
  /** The file's name less its ending: "Firefox.pkg". */
  readonly name: string;
  readonly text: string;
  readonly identifier?: string;
  readonly parent?: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** What it does by itself; an override does nothing. */
  readonly process: readonly {
    readonly Processor: string;
    readonly Arguments?: RawArguments | null | undefined;
  }[];
  /** Whether somebody has vouched for its parents. */
  readonly trusted: boolean;
}

type RawArguments = Readonly<Record<string, unknown>>;

const values = z.record(z.string(), z.unknown());

const recipeSchema = z.object({
  Identifier: z.string().optional(),
  ParentRecipe: z.string().optional(),
  Input: z.looseObject({ IDENTIFIER: z.string().optional() }).optional(),
  Process: z.array(z.object({ Processor: z.string(), Arguments: values.nullish() })).nullish(),
  ParentRecipeTrustInfo: values.optional(),
});

/** Whether a file is called like a recipe. */
export function isRecipeFile(path: string): boolean {
  return /\.recipe(\.plist|\.yaml)?$/.test(path);
}

/**
 * Reads a recipe or an override, a property list in XML or YAML.
 *
 * @throws Error that says in one line why it is none.
 */
export function readRecipeFile({ path, text }: SourceFile): RecipeFile {
  const checked = recipeSchema.safeParse(parsed(path, text));
  if (!checked.success)
    throw new Error(
      `it is no AutoPkg recipe: ${checked.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; ')}`,
    );
  const { Identifier, ParentRecipe, Input, Process, ParentRecipeTrustInfo } = checked.data;
  const identifier = Identifier ?? Input?.IDENTIFIER;
  return {
    path,
    name: recipeName(path),
    text,
    ...(identifier !== undefined && { identifier }),
    ...(ParentRecipe !== undefined && { parent: ParentRecipe }),
    input: Input ?? {},
    process: Process ?? [],
    trusted: ParentRecipeTrustInfo !== undefined && Object.keys(ParentRecipeTrustInfo).length > 0,
  };
}

function parsed(path: string, text: string): unknown {
  if (path.endsWith('.yaml')) {
    try {
      // A recipe has no need of aliases, and a bomb of them would fill the memory.
      return parseYaml(text, { maxAliasCount: 100 });
    } catch (error) {
      throw new Error(`it is no YAML: ${firstLine(error)}`);
    }
  }
  if (text.startsWith('bplist'))
    throw new Error('it is a binary property list: convert it first (plutil -convert xml1)');
  // The parser would complain on the console before it throws.
  if (!text.trimEnd().endsWith('</plist>')) throw new Error('it is no whole property list in XML');
  try {
    return parsePlist(text);
  } catch (error) {
    throw new Error(`it is no property list: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

/**
 * The steps of a recipe, with `%NAME%` filled in from what it is given: AutoPkg's own substitution.
 * What is known only when it runs (`%version%`) stays as it is.
 *
 * @param input the recipe's inputs, with those of its overrides over them.
 */
export function stepsOf(recipe: RecipeFile, input = recipe.input): readonly RecipeStep[] {
  return recipe.process.map(({ Processor, Arguments }) => ({
    processor: Processor.slice(Processor.lastIndexOf('/') + 1),
    arguments: Object.fromEntries(
      Object.entries(Arguments ?? {}).flatMap(([key, value]) =>
        isLeaf(value) ? [[key, filled(String(value), input)]] : [],
      ),
    ),
  }));
}

/** A text with the inputs that it names filled in; an input may name others. */
export function filled(text: string, input: Readonly<Record<string, unknown>>): string {
  let now = text;
  // As deep as any recipe goes; an input that names itself ends here too.
  for (let depth = 0; depth < 5 && now.length <= 1000; depth += 1) {
    const next = now.replace(/%([A-Za-z0-9_]+)%/g, (whole, key: string) => {
      const value = Object.hasOwn(input, key) ? input[key] : undefined;
      return isLeaf(value) ? String(value) : whole;
    });
    if (next === now) break;
    now = next;
  }
  return now;
}

function isLeaf(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}
