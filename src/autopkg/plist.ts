import { readFile } from 'node:fs/promises';
import { XMLValidator } from 'fast-xml-parser';
import { parse } from 'plist';

/**
 * Reads a property list in XML, as AutoPkg writes them, without saying anything about what is in it.
 *
 * @throws Error when there is no such file, or when it is cut short, broken or binary.
 */
export async function readPlist(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8');
  if (!text.trimEnd().endsWith('</plist>'))
    throw new Error('this is not a whole property list in XML');
  // The parser would complain on the console before it throws.
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`line ${valid.err.line}: ${valid.err.msg}`);
  return parse(text);
}
