/** A simulated Jamf Pro in a process of its own: says its address, and ends with its parent. */
import { startJamf } from '../test/simulators/jamf/server.ts';

const jamf = await startJamf({ tokenSeconds: 3600 });
jamf.addCategory('Apps');
console.log(jamf.url);
process.stdin.on('end', () => process.exit()).resume();
