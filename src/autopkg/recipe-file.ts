import { parse as parsePlist } from 'plist';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/** The ways in which a recipe's file can end (`RECIPE_EXTS` in AutoPkg's autopkglib). */
export const recipeEndings = ['.recipe', '.recipe.plist', '.recipe.yaml'] as const;

const values = z.record(z.string(), z.unknown());

const trustedFile = z.looseObject({
  path: z.string().optional(),
  sha256_hash: z.string(),
  git_hash: z.string().optional(),
});

/** What AutoPkg keeps in an override of the recipes and processors that somebody vouched for. */
const trustInfoSchema = z.object({
  non_core_processors: z.record(z.string(), trustedFile),
  parent_recipes: z.record(z.string(), trustedFile),
});

export type TrustInfo = z.output<typeof trustInfoSchema>;
export type TrustedFile = TrustInfo['parent_recipes'][string];

const recipeSchema = z.looseObject({
  Identifier: z.string().optional(),
  Input: values.optional(),
  ParentRecipe: z.string().optional(),
  /** The older way to name the parent. */
  Recipe: z.looseObject({ identifier: z.string().optional() }).optional(),
  Process: z.array(z.looseObject({ Processor: z.string(), Arguments: values.nullish() })).nullish(),
  ParentRecipeTrustInfo: trustInfoSchema.optional(),
});

/** A step of a recipe. */
export interface Step {
  /** As the recipe writes it: "URLDownloader", or "com.github.homebysix.Shared/Proc". */
  readonly processor: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

/** What a recipe or an override says in its file. */
export interface RecipeFile {
  readonly identifier?: string;
  /** The identifier of the recipe that it builds on. */
  readonly parent?: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly steps: readonly Step[];
  readonly trust?: TrustInfo;
}

/** Whether a file's name is a recipe's. */
export function isRecipePath(path: string): boolean {
  return recipeEndings.some((ending) => path.endsWith(ending));
}

/**
 * Reads a recipe or an override, a property list in XML or YAML, as AutoPkg's `recipe_from_file` does.
 *
 * @throws Error when it is neither, or no recipe.
 */
export function parseRecipe(path: string, text: string): RecipeFile {
  const checked = recipeSchema.safeParse(parsed(path, text));
  if (!checked.success) throw new Error(`${path}: ${z.prettifyError(checked.error)}`);
  const { Identifier, Input, ParentRecipe, Recipe, Process, ParentRecipeTrustInfo } = checked.data;
  const older = Input?.['IDENTIFIER'];
  const identifier = Identifier ?? (typeof older === 'string' ? older : undefined);
  const parent = ParentRecipe ?? Recipe?.identifier;
  return {
    ...(identifier !== undefined && { identifier }),
    ...(parent !== undefined && { parent }),
    input: Input ?? {},
    steps: (Process ?? []).map((step) => ({
      processor: step.Processor,
      arguments: step.Arguments ?? {},
    })),
    ...(ParentRecipeTrustInfo && { trust: ParentRecipeTrustInfo }),
  };
}

function parsed(path: string, text: string): unknown {
  // Python's YAML is that of version 1.1: "yes" is a truth value there.
  if (path.endsWith('.yaml')) return parseYaml(text, { version: '1.1', logLevel: 'error' });
  // The parser would complain on the console before it throws.
  if (!text.trimEnd().endsWith('</plist>'))
    throw new Error(`${path}: this is not a whole property list in XML`);
  return parsePlist(text);
}
