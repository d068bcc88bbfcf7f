import type { Failing } from './recipe.ts';

/** AutoPkg finds no recipe, or only half of one: nothing is in the report, standard error says it. */
export function notLoaded(recipe: string, failing: Failing | undefined): string[] | undefined {
  if (failing === 'recipe-not-found') return [`No valid recipe found for ${recipe}`];
  if (failing === 'missing-parent')
    return [`Could not find parent recipe for ${recipe}`, `No valid recipe found for ${recipe}`];
  return undefined;
}

/** A failure that the report tells, as AutoPkg words it. */
export interface Failure {
  readonly message: string;
  /** What standard error says in its stead at once. */
  readonly said: string;
}

/**
 * What AutoPkg finds wrong before any step of the recipe runs.
 *
 * @param trustRequired whether FAIL_RECIPES_WITHOUT_TRUST_INFO is any text but the empty one.
 */
export function refusal(
  recipe: string,
  identifier: string,
  failing: Failing | undefined,
  trustRequired: boolean,
): Failure | undefined {
  const parent = identifier.replace('local.', 'com.example.');
  const trust = 'Failed local trust verification.';
  if (failing === 'missing-trust' && trustRequired)
    return { message: 'No trust information present.', said: trust };
  if (failing === 'changed-trust')
    return {
      message: `Parent recipe ${parent} contents differ from expected.\n    Path: /recipes/${recipe}.recipe\n`,
      said: trust,
    };
  if (failing === 'minimum-version')
    return {
      message:
        'Recipe (or a parent recipe) requires at least autopkg version 99.0, but we are autopkg version 2.9.1.',
      said: 'Failed.',
    };
  if (failing === 'unknown-processor')
    return { message: "Unknown processor 'com.example.processors/NotThere'.", said: 'Failed.' };
  return undefined;
}

/** What a step of the recipe says when it fails. */
export function errorIn(
  step: string,
  failing: Failing | undefined,
  requirement: string,
): string | undefined {
  const errors: { readonly [step: string]: { readonly [how in Failing]?: string } } = {
    URLDownloader: {
      'not-found': 'curl: (22) The requested URL returned error: 404\n',
      'server-error': 'curl: (22) The requested URL returned error: 503\n',
      'connection-refused':
        "curl: (7) Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server\n",
      'disk-full': 'curl: (23) Failure writing output to destination, passed 16384 returned 4096\n',
    },
    CodeSignatureVerifier: {
      'signature-mismatch': `Code signature verification failed. Note that all verifications can be disabled by setting the variable DISABLE_CODE_SIGNATURE_VERIFICATION to a non-empty value. (test-requirement: code failed to satisfy specified code requirement(s): ${requirement})`,
    },
    PkgCopier: { 'processor-error': "Can't copy the package: the source is not there" },
  };
  return failing && errors[step]?.[failing];
}

/** What Python prints when AutoPkg itself falls over. */
export const crash = `Traceback (most recent call last):
  File "/usr/local/bin/autopkg", line 2790, in <module>
    sys.exit(main(sys.argv))
             ^^^^^^^^^^^^^^
TypeError: object of type 'int' has no len()`;
