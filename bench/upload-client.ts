/** Uploads one package by PatchBot's client, and says how long that took and what memory. */
import { connect } from '../src/jamf/jamf.ts';
import { digest } from '../src/lifecycle/package.ts';

const [url = '', path = '', file = '', size = '', hash = ''] = process.argv.slice(2);
let seconds = Number.NaN;
const jamf = connect({
  url,
  credentials: { kind: 'client', clientId: 'patchbot', clientSecret: 'client-secret-for-tests' },
  connections: 5,
  readOnly: false,
  log: console.error,
  onSecret: () => {},
  progress: {
    begin() {
      const began = performance.now();
      return {
        at() {},
        end() {
          seconds = (performance.now() - began) / 1000;
        },
      };
    },
  },
});
await jamf.setup.version();
const idle = process.memoryUsage().rss / 1024 ** 2;
await jamf.ensurePackage(
  { path, file, size: Number(size), digest: digest(hash) },
  { category: 'Apps', info: 'a bench' },
);
const peak = process.resourceUsage().maxRSS / 1024;
await jamf.close();
console.log(JSON.stringify({ seconds, extraMiB: Math.round(peak - idle) }));
