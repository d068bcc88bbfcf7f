/** Recipes and overrides as AutoPkg's users have them, in the format of the real ones. */
export function recipe(content: {
  readonly identifier?: string;
  readonly parent?: string;
  readonly input?: Readonly<Record<string, string | number>>;
  readonly process?: readonly (readonly [string, Readonly<Record<string, string | number>>])[];
  readonly trusted?: boolean;
}): string {
  const { identifier, parent, input = {}, process, trusted } = content;
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${identifier ? `<key>Identifier</key><string>${identifier}</string>` : ''}
<key>Input</key>${dictionary(input)}
<key>MinimumVersion</key><string>1.0.0</string>
${parent ? `<key>ParentRecipe</key><string>${parent}</string>` : ''}
${trusted ? '<key>ParentRecipeTrustInfo</key><dict><key>non_core_processors</key><dict/></dict>' : ''}
${process ? `<key>Process</key><array>${process.map(([processor, given]) => `<dict><key>Arguments</key>${dictionary(given)}<key>Processor</key><string>${processor}</string></dict>`).join('')}</array>` : ''}
</dict>
</plist>
`;
}

function dictionary(values: Readonly<Record<string, string | number>>): string {
  const entries = Object.entries(values).map(
    ([key, value]) =>
      `<key>${key}</key>${typeof value === 'number' ? `<integer>${value}</integer>` : `<string>${value}</string>`}`,
  );
  return `<dict>${entries.join('')}</dict>`;
}

/** A .ptch recipe of the original: sends a package to test. */
export function ptch(given: Readonly<Record<string, string | number>>): string {
  return recipe({
    identifier: `com.example.ptch.${given['package']}`,
    process: [['com.honestpuck.PatchBot/PatchManager', given]],
  });
}

/** A .prod recipe of the original: moves a package on to production. */
export function prod(given: Readonly<Record<string, string | number>>): string {
  return recipe({
    identifier: `com.example.prod.${given['package']}`,
    process: [['com.honestpuck.PatchBot/Production', given]],
  });
}

/** An override of a recipe that builds a package. */
export function override(parent: string, input: Readonly<Record<string, string>> = {}): string {
  return recipe({ identifier: `local.${parent}`, parent, input, trusted: true });
}
