import type { Chain } from './chain.ts';
import type { RecipeFile } from './recipe-file.ts';
import type { RunFile } from './what-runs.ts';

type Values = Readonly<Record<string, unknown>>;

/** A chain as AutoPkg would run it: all steps in order, variables filled in as far as they are known. */
export interface Resolved {
  readonly input: Values;
  readonly steps: readonly { readonly processor: string; readonly values: Values }[];
}

/** The input of a chain, the child's before its parents', with variables as they are written. */
export function mergedInput(chain: Chain): Values {
  const input: Record<string, unknown> = {};
  for (const recipe of inOrder(chain)) Object.assign(input, recipe.input);
  return input;
}

function inOrder({ override, recipes }: Chain): readonly RecipeFile[] {
  return [...recipes.toReversed().map(({ recipe }) => recipe), override];
}

/** Merges a chain as AutoPkg's `load_recipe` does: the child's input wins, steps add up. */
export function resolved(chain: Chain): Resolved {
  const all = inOrder(chain);
  const input = mergedInput(chain);
  const steps = all.flatMap((recipe) => recipe.steps);
  return {
    input: filledIn(input, input) as Values,
    steps: steps.map((step) => ({
      processor: step.processor,
      values: filledIn(step.arguments, input) as Values,
    })),
  };
}

/** Puts the input's texts where %NAME% stands for them, as AutoPkg's `update_data`; others stay. */
function filledIn(value: unknown, input: Values, depth = 0): unknown {
  if (typeof value === 'string')
    return value.replace(/%([a-zA-Z_]\w*)%/g, (name, key: string) => {
      const known = Object.hasOwn(input, key) ? input[key] : undefined;
      if (typeof known !== 'string' || depth > 5) return name;
      return String(filledIn(known, input, depth + 1));
    });
  if (Array.isArray(value)) return value.map((one) => filledIn(one, input, depth));
  if (
    typeof value === 'object' &&
    value !== null &&
    !(value instanceof Date) &&
    !ArrayBuffer.isView(value)
  )
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, filledIn(one, input, depth)]),
    );
  return value;
}

const address = /\bhttps?:\/\/[^\s"'<>\\)]+/gi;

/** All addresses that a chain and its code speak of. */
function addressesIn(chain: Chain, files: readonly RunFile[]): string[] {
  const all = resolved(chain);
  const texts = [...textsIn(all.input), ...all.steps.flatMap(({ values }) => textsIn(values))];
  for (const { kind, text } of files)
    if ((kind === 'processor' || kind === 'module') && text !== undefined) texts.push(text);
  return texts.flatMap((text) => text.match(address) ?? []);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn);
  return [];
}

/** The hosts that are spoken of, in lower case; what a variable stands for only as it runs is left as it is. */
export function hostsIn(chain: Chain, files: readonly RunFile[]): readonly string[] {
  const hosts = addressesIn(chain, files).map(
    (url) => /^https?:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(url)?.[1]?.toLowerCase() ?? '',
  );
  return [...new Set(hosts)].filter((host) => host !== '').sort();
}

/** The addresses without encryption: what comes from there could be anybody's. */
export function insecureIn(chain: Chain, files: readonly RunFile[]): readonly string[] {
  const found = addressesIn(chain, files).filter((url) => /^http:/i.test(url));
  return [...new Set(found)].filter((url) => !/^http:\/\/(?:localhost|127\.)/i.test(url)).sort();
}
