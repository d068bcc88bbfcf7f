import { describe, expect, it } from 'vitest';
import { importsOf } from '../../src/autopkg/imports.ts';

const modules = (code: string) => [...importsOf(code).modules].sort();

describe('what Python code imports', () => {
  it('is found at the top, within functions, after semicolons and over several lines', () => {
    const code = `import os, sys as system
import sharing.tools
if True: import late
def f():
    from . import sibling
    from .cousin import thing as other
x = 1; import after
from package import (
    first,
    second as renamed,
)
import \\
    continued
`;
    expect(modules(code)).toEqual(
      [
        'after',
        'continued',
        'cousin',
        'first',
        'late',
        'os',
        'package',
        'second',
        'sharing',
        'sibling',
        'sys',
        'thing',
        'tools',
      ].sort(),
    );
  });

  it('leaves out AutoPkg’s own library', () => {
    expect(modules('from autopkglib import Processor\nimport autopkglib.URLGetter\n')).toEqual([]);
  });

  it('may be anything when it is named only as the code runs', () => {
    for (const code of [
      'importlib.import_module(name)',
      '__import__(name)',
      'imp.load_source(a, b)',
      'exec(open(p).read())',
    ])
      expect(importsOf(code).anything).toBe(true);
    expect(importsOf('import os\n').anything).toBe(false);
  });
});
