import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Cause, causeOf } from '../../src/autopkg/failure.ts';
import { recording, recordings } from './recording.ts';

/** What each recorded run means for a title whose recipe this is; `undefined`: nothing failed. */
const meanings: Readonly<Record<string, readonly [recipe: string, Cause | undefined]>> = {
  'run-all-ok-first': ['Firefox.pkg', undefined],
  'run-one-new': ['Slack.pkg', undefined],
  'run-nothing-new': ['Zoom.pkg', undefined],
  'run-check': ['Zoom.pkg', undefined],
  'run-after-check': ['Zoom.pkg', undefined],
  'run-verbose-vv': ['Firefox.pkg', undefined],
  'run-no-trust-required': ['Yaml.pkg', undefined],
  'run-trust-key-empty': ['Yaml.pkg', undefined],
  'run-crlf-list': ['Firefox.pkg', undefined],
  'run-404': [
    'Broken.pkg',
    downloadFailed('curl: (22) The requested URL returned error: 404', 404),
  ],
  'run-404-vvv': [
    'Broken.pkg',
    downloadFailed('curl: (22) The requested URL returned error: 404', 404),
  ],
  'run-connection-refused': [
    'Refused.pkg',
    downloadFailed(
      "curl: (7) Failed to connect to 127.0.0.1 port 1 after 0 ms: Couldn't connect to server",
    ),
  ],
  'run-mixed': [
    'Broken.pkg',
    downloadFailed('curl: (22) The requested URL returned error: 404', 404),
  ],
  'run-legacy-identifier-fails': [
    'NoIdent.pkg',
    downloadFailed(
      "curl: (22) The requested URL returned error: 404 (and AutoPkg crashed while telling: KeyError: 'Identifier')",
      404,
    ),
  ],
  'run-missing-trust': [
    'Broken.pkg',
    { kind: 'trust missing', message: 'No trust information present.' },
  ],
  'run-missing-trust-vv': [
    'Broken.pkg',
    {
      kind: 'trust missing',
      message:
        'No trust information present. Audit the recipe, then store trust info by running: autopkg make-override Broken.pkg',
    },
  ],
  'run-trust-key-no': [
    'Yaml.pkg',
    { kind: 'trust missing', message: 'No trust information present.' },
  ],
  'run-processor-error': [
    'Raiser.pkg',
    {
      kind: 'signature mismatch',
      step: 'Raiser',
      message:
        "Signature check failed: expected authority 'Developer ID Application: Example (ABCDE12345)'. Second line of the message.",
    },
  ],
  'run-unexpected-exception': [
    'Raiser.pkg',
    { kind: 'processor error', step: 'Raiser', message: "'some_key'" },
  ],
  'run-stopprocessingif-linux': [
    'Stop.pkg',
    {
      kind: 'processor error',
      step: 'StopProcessingIf',
      message: "Predicate error for 'TRUEPREDICATE': name 'NSPredicate' is not defined",
    },
  ],
  'run-unknown-processor': [
    'BadProc.pkg',
    {
      kind: 'unknown processor',
      message: "Unknown processor 'com.github.grahampugh.jamf-upload.processors/NotThere'.",
    },
  ],
  'run-minimum-version': [
    'Future.pkg',
    {
      kind: 'autopkg too old',
      message:
        'Recipe (or a parent recipe) requires at least autopkg version 99.0, but we are autopkg version 2.9.1.',
    },
  ],
  'run-missing-parent': [
    'Orphan.pkg',
    {
      kind: 'parent missing',
      message:
        "Could not find parent recipe for Orphan.pkg (these recipe files can't be read: /tmp/ap/repos/com.example.recipes/BadPlist/BadPlist.pkg.recipe)",
    },
  ],
  'run-bad-plist': [
    'BadPlist.pkg',
    {
      kind: 'invalid recipe',
      message:
        '/tmp/ap/repos/com.example.recipes/BadPlist/BadPlist.pkg.recipe: mismatched tag: line 1, column 24',
    },
  ],
  'run-no-endofcheckphase': [
    'NoCheck.pkg',
    {
      kind: 'invalid recipe',
      message:
        'Recipe at NoCheck.pkg is missing EndOfCheckPhase Processor, not possible to perform check.',
    },
  ],
  'run-recipe-not-found-one-quiet': ['Nope.pkg', notFound('Nope.pkg')],
  'run-recipe-not-found-one-noquiet': ['Nope.pkg', notFound('Nope.pkg')],
  'run-recipe-not-found-in-list': ['Nope.pkg', notFound('Nope.pkg')],
  'run-odd-whitespace-list': ['Firefox.pkg', notFound('Firefox.pkg')],
  'run-int-summary-value': [
    'IntRow.pkg',
    { kind: 'crashed', message: "AutoPkg crashed: TypeError: object of type 'int' has no len()" },
  ],
  'run-missing-list-file': [
    'Firefox.pkg',
    {
      kind: 'crashed',
      message:
        "AutoPkg crashed: FileNotFoundError: [Errno 2] No such file or directory: '/tmp/ap/lists/absent.txt'",
    },
  ],
  'run-bad-key': ['Firefox.pkg', { kind: 'usage', message: 'Invalid variable [key=value]: FOO' }],
  'run-empty-list': ['Firefox.pkg', { kind: 'usage', message: 'AutoPkg was given nothing to run' }],
  'run-comments-only-list': [
    'Firefox.pkg',
    { kind: 'usage', message: 'AutoPkg was given nothing to run' },
  ],
};

function downloadFailed(message: string, httpStatus?: number): Cause {
  return {
    kind: 'download failed',
    step: 'URLDownloader',
    message,
    ...(httpStatus !== undefined && { httpStatus }),
  };
}

function notFound(recipe: string): Cause {
  return { kind: 'recipe not found', message: `AutoPkg knows no recipe ${recipe}` };
}

describe('a run of real AutoPkg, as it was recorded', () => {
  it.each(Object.entries(meanings))('is understood: %s', async (name, [recipe, cause]) => {
    const { ran, report } = await recording(name);
    expect(causeOf(recipe, ran, report)).toEqual(cause);
  });

  it('is in this table, each of them', () => {
    const recorded = readdirSync(recordings).filter((name) => name.startsWith('run-'));
    expect(Object.keys(meanings).toSorted()).toEqual(recorded.toSorted());
  });
});
