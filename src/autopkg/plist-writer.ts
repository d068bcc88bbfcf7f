/**
 * Writes a property list byte for byte as Python's `plistlib.dump` does, by which AutoPkg writes overrides:
 * whoever updates an override, AutoPkg or PatchBot, the diff shows what changed and nothing else.
 * https://github.com/python/cpython/blob/3.11/Lib/plistlib.py
 *
 * @throws TypeError for what no property list can hold.
 */
export function plistText(value: unknown): string {
  return `${heading}${element(value, 0)}\n</plist>\n`;
}

/** One value as it stands within a property list, indented by so many tabs. */
export function plistElement(value: unknown, depth: number): string {
  return element(value, depth);
}

const heading = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
`;

function element(value: unknown, depth: number): string {
  const tabs = '\t'.repeat(depth);
  switch (typeof value) {
    case 'string':
      return `${tabs}<string>${escaped(value)}</string>`;
    case 'boolean':
      return `${tabs}<${value}/>`;
    case 'bigint':
      return `${tabs}<integer>${value}</integer>`;
    case 'number':
      return Number.isInteger(value)
        ? `${tabs}<integer>${value}</integer>`
        : `${tabs}<real>${value}</real>`;
    case 'object':
      break;
    default:
      throw new TypeError(`a property list cannot hold a ${typeof value}`);
  }
  if (value instanceof Date)
    return `${tabs}<date>${value.toISOString().replace(/\.\d+Z$/, 'Z')}</date>`;
  if (value instanceof Uint8Array) return data(value, depth);
  if (Array.isArray(value))
    return value.length === 0
      ? `${tabs}<array/>`
      : [`${tabs}<array>`, ...value.map((one) => element(one, depth + 1)), `${tabs}</array>`].join(
          '\n',
        );
  if (value === null) throw new TypeError('a property list cannot hold nothing');
  return dictionary(value as Readonly<Record<string, unknown>>, depth);
}

function dictionary(value: Readonly<Record<string, unknown>>, depth: number): string {
  const tabs = '\t'.repeat(depth);
  const keys = Object.keys(value).sort(byCodePoint);
  if (keys.length === 0) return `${tabs}<dict/>`;
  const pairs = keys.flatMap((key) => [
    `${tabs}\t<key>${escaped(key)}</key>`,
    element(value[key], depth + 1),
  ]);
  return [`${tabs}<dict>`, ...pairs, `${tabs}</dict>`].join('\n');
}

/** Bytes in base64, in lines that end at column 76, a tab counting for eight. */
function data(bytes: Uint8Array, depth: number): string {
  const tabs = '\t'.repeat(depth);
  const width = Math.max(16, 76 - depth * 8);
  const perLine = Math.floor(width / 4) * 3;
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += perLine)
    lines.push(`${tabs}${Buffer.from(bytes.subarray(at, at + perLine)).toString('base64')}`);
  return [`${tabs}<data>`, ...lines, `${tabs}</data>`].join('\n');
}

function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML can't hold these, plistlib says so too.
  if (/[\x00-\x08\x0B\x0C\x0E-\x1F]/.test(text))
    throw new TypeError('a property list cannot hold control characters');
  return text
    .replace(/\r\n?/g, '\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** As Python sorts text: by code point, where JavaScript goes by UTF-16 unit. */
function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
