import type { Plugin } from 'rolldown';

/** All that PatchBot uses of undici; types don't count. */
const used = new Set(['Agent', 'EnvHttpProxyAgent', 'request', 'parseCookie']);

/** What undici's index pulls in besides, and what half of its code is: fetch, web sockets, mocks, caches. */
const unused =
  /^\.\/lib\/(mock|interceptor|cache)\/|^\.\/lib\/web\/(fetch$|fetch\/(request|response)$|websocket\/|eventsource\/|cache\/)/;

const id = '\0unused-of-undici';

/**
 * Leaves out of the bundle what undici's index offers and nobody here takes: the index is one CommonJS
 * file, of which a bundler can't take a part. Half the code is half the time that Node reads before an
 * action's first request. A source that imports anything else fails the build, and says so.
 */
export function onlyUsedOfUndici(): Plugin {
  return {
    name: 'only-used-of-undici',
    transform(code, file) {
      if (file.includes('node_modules')) return null;
      for (const [, names = ''] of code.matchAll(/import\s*\{([^}]*)\}\s*from\s*['"]undici['"]/g))
        for (const name of names.split(',').map((one) => one.trim()))
          if (name !== '' && !name.startsWith('type ') && !used.has(name.split(' ')[0] ?? ''))
            throw new Error(
              `${file} imports ${name} of undici: add it to build/undici.ts, and see whether the bundle still has it`,
            );
      return null;
    },
    resolveId: (source, importer) =>
      importer?.replaceAll('\\', '/').endsWith('/undici/index.js') && unused.test(source)
        ? id
        : null,
    // Some of it is made an instance of, or extended, while the index loads.
    load: (file) =>
      file === id ? 'module.exports = new Proxy({}, { get: () => class {} });' : null,
  };
}
