/** What a piece of Python code imports. */
export interface Imports {
  /** Names of modules, the first part of each, and what is imported from packages and siblings. */
  readonly modules: readonly string[];
  /** Whether it imports by names that are made only as it runs: then it may import anything. */
  readonly anything: boolean;
}

/** Ways to import what no reader of the code can name. */
const byMadeUpName =
  /\b(?:importlib|__import__|imp\.load|runpy|exec\s*\(|eval\s*\(|execfile|spec_from_file_location|pkgutil|zipimport)/;

/** Modules that are AutoPkg's, not the repository's. */
const notTheirs = new Set(['autopkglib', '__future__']);

/**
 * The modules that Python code imports, by reading it: wherever in the code the import stands, be it
 * within a function or after a condition.
 * https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
 */
export function importsOf(code: string): Imports {
  // Statements can go on over lines, by a backslash or within brackets.
  const joined = code.replace(/\\\r?\n/g, ' ');
  const modules = new Set<string>();
  for (const [, list = ''] of joined.matchAll(/(?:^|[;:])[ \t]*import[ \t]+([^\n;#]+)/gm))
    for (const one of list.split(',')) addPath(modules, one);
  for (const [, from = '', list = ''] of joined.matchAll(
    /(?:^|[;:])[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]+)/gm,
  )) {
    addPath(modules, from);
    // "from . import x" and "from package import x": x may be a module.
    const [first = ''] = from.split('.');
    if (notTheirs.has(first)) continue;
    for (const one of list.replace(/[()]/g, '').split(',')) addPath(modules, one);
  }
  return { modules: [...modules], anything: byMadeUpName.test(code) };
}

function addPath(modules: Set<string>, imported: string): void {
  const [path = ''] = imported.trim().split(/\s/);
  const parts = path.split('.').filter((part) => /^[\p{L}_][\p{L}\p{N}_]*$/u.test(part));
  const [first] = parts;
  if (!first || notTheirs.has(first)) return;
  for (const part of parts) modules.add(part);
}
