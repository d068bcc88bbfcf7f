import { hostsIn, insecureIn, resolved } from './addresses.ts';
import type { Chain } from './chain.ts';
import { importsOf } from './imports.ts';
import type { RunFile } from './what-runs.ts';

/** What a title would run, seen as a whole: before a change, or after it. */
export interface Seen {
  readonly chain: Chain;
  readonly files: readonly RunFile[];
}

/**
 * What in a change of a title's recipes deserves a second look, most serious first, each a sentence
 * without foreign markup. Pure; it finds what can be found by reading, and is no proof that the rest is
 * harmless.
 */
export function risksOf(before: Seen | undefined, after: Seen): readonly string[] {
  return [
    ...signatureRisks(before, after),
    ...addressRisks(before, after),
    ...processorRisks(before, after),
    ...codeRisks(before, after),
  ];
}

function news<Value>(before: Iterable<Value> | undefined, after: Iterable<Value>): Value[] {
  const known = new Set(before ?? []);
  return [...new Set(after)].filter((one) => !known.has(one));
}

function signatureRisks(before: Seen | undefined, after: Seen): string[] {
  const was = before ? signaturesOf(before) : undefined;
  const is = signaturesOf(after);
  const risks: string[] = [];
  if (was && was.checks > 0 && is.checks === 0)
    risks.push(
      'The signature of the download is no longer verified (CodeSignatureVerifier is gone)',
    );
  else if (was && is.checks < was.checks)
    risks.push(
      `Signatures are verified in ${is.checks} ${is.checks === 1 ? 'step' : 'steps'}, before in ${was.checks}`,
    );
  else if (!was && is.checks === 0) risks.push('The signature of the download is not verified');
  const dropped = was ? news(is.requirements, was.requirements) : [];
  const added = was ? news(was.requirements, is.requirements) : [];
  if (dropped.length > 0 || added.length > 0)
    risks.push(
      `What the signature must fulfil has changed: from ${quoted(dropped)} to ${quoted(added)}`,
    );
  for (const weakening of news(was?.weakened, is.weakened)) risks.push(weakening);
  return risks;
}

function quoted(texts: readonly string[]): string {
  return texts.length === 0 ? 'nothing' : texts.map((text) => `"${text}"`).join(', ');
}

/** How a chain verifies what it downloads. */
function signaturesOf({ chain }: Seen) {
  const requirements: string[] = [];
  const weakened: string[] = [];
  let checks = 0;
  const all = resolved(chain);
  for (const { processor, values } of all.steps) {
    if (processor !== 'CodeSignatureVerifier' && !processor.endsWith('/CodeSignatureVerifier'))
      continue;
    checks += 1;
    const { requirement, expected_authority_names: names } = values;
    if (typeof requirement === 'string') requirements.push(requirement.replace(/\s+/g, ' '));
    if (Array.isArray(names)) requirements.push(names.join(' > '));
    if (typeof requirement !== 'string' && !Array.isArray(names))
      weakened.push('A signature is verified without saying whose it must be');
    if (values['deep_verification'] === false || values['strict_verification'] === false)
      weakened.push('A signature is verified less strictly');
    if (values['codesign_additional_arguments'])
      weakened.push('codesign is given arguments of its own');
  }
  const off = 'DISABLE_CODE_SIGNATURE_VERIFICATION';
  const switched = [all.input, ...all.steps.map(({ values }) => values)];
  if (switched.some((values) => values[off] !== undefined && values[off] !== ''))
    weakened.push(`The verification of signatures is switched off (${off})`);
  return { checks, requirements, weakened };
}

function addressRisks(before: Seen | undefined, after: Seen): string[] {
  const hosts = news(
    before && hostsIn(before.chain, before.files),
    hostsIn(after.chain, after.files),
  );
  const insecure = news(
    before && insecureIn(before.chain, before.files),
    insecureIn(after.chain, after.files),
  );
  return [
    ...insecure.map((url) => `An address without encryption: ${url}`),
    ...(before ? hosts.map((host) => `A host that was not spoken of before: ${host}`) : []),
  ];
}

function processorRisks(before: Seen | undefined, after: Seen): string[] {
  const foreign = ({ chain }: Seen) =>
    chain.processors.filter(({ candidates }) => candidates.length > 0).map((one) => one.processor);
  const replacing = ({ chain }: Seen) =>
    chain.processors
      .filter(({ replacesCore, candidates }) => replacesCore && candidates.length > 0)
      .map((one) => one.processor);
  const steps = ({ chain }: Seen) => resolved(chain).steps.map(({ processor }) => processor);
  const added = news(before && foreign(before), foreign(after));
  const addedCore = before
    ? news(steps(before), steps(after)).filter((name) => !added.includes(name))
    : [];
  const parents = ({ chain }: Seen) => chain.recipes.map(({ identifier }) => identifier);
  return [
    ...news(before && replacing(before), replacing(after)).map(
      (name) => `A file of the repository takes the place of AutoPkg's own processor ${name}`,
    ),
    ...added
      .filter((name) => !replacing(after).includes(name))
      .map((name) => `A ${before ? 'new ' : ''}processor that is not AutoPkg's own: ${name}`),
    ...addedCore.map((name) => `A step that was not there before: ${name}`),
    ...(before
      ? news(parents(before), parents(after)).map((id) => `It builds on another recipe now: ${id}`)
      : []),
  ];
}

/** Ways in which code can do more than a recipe shows. */
const reaches: readonly [RegExp, string][] = [
  [/\bsubprocess\b|\bos\.(?:system|popen|exec|spawn)/, 'runs other programs'],
  [/\b(?:eval|exec)\s*\(|\bcompile\s*\(/, 'runs text as code'],
  [/\b(?:urllib|requests|socket|http\.client|ftplib|smtplib)\b/, 'speaks to the network by itself'],
  [/\bbase64\b|\bzlib\b|\bmarshal\b|\bpickle\b|codecs\.decode/, 'unpacks what it does not show'],
  [/\bos\.environ\b|\bos\.getenv\b/, 'reads the environment of the run'],
];

function codeRisks(before: Seen | undefined, after: Seen): string[] {
  const risks: string[] = [];
  for (const file of after.files) {
    const earlier = before?.files.find(({ url, path }) => url === file.url && path === file.path);
    if (earlier?.bytes.equals(file.bytes)) continue;
    const name = file.path;
    if (file.text === undefined) {
      if (file.kind !== 'asset' || /\.(?:so|dylib|pkg|zip|tar|gz|jar|bin)$/i.test(name))
        risks.push(`${name} is no text: nobody can read what it does`);
      continue;
    }
    if (/[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/.test(file.text.slice(1)))
      risks.push(`${name} has invisible characters, which can make code read as other code`);
    if (/(?:^|\/)(?:pre|post)(?:install|upgrade|flight)$/i.test(name))
      risks.push(`${name} is a script that runs as root on every Mac`);
    if (file.kind === 'recipe' || file.kind === 'asset') continue;
    for (const [pattern, what] of reaches)
      if (pattern.test(file.text) && !(earlier && pattern.test(earlier.text ?? '')))
        risks.push(`${name} ${what}`);
    if (importsOf(file.text).anything && !(earlier && importsOf(earlier.text ?? '').anything))
      risks.push(`${name} imports what it names only as it runs: all code beside it is shown`);
  }
  return risks;
}
