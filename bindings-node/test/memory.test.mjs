/** Memory does not grow with failed calls or dropped clients. Measured in separate processes, with `gc()`. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();

/**
 * Returns the growth of heap and process in megabytes during one more round of `work`, after two rounds to warm up.
 * @param {string} work @returns {Promise<{ heap: number, process: number }>}
 */
async function growth(work) {
  const script = `const { Client } = require('egito');
    const settings = JSON.parse(process.env.SETTINGS);
    process.on('unhandledRejection', (error) => { console.error(error); process.exit(1); });
    ${work}
    const memory = async () => {
      for (let time = 0; time < 5; time++) { gc(); await new Promise(setImmediate); }
      const { heapUsed, rss } = process.memoryUsage();
      return { heap: heapUsed / 2 ** 20, process: rss / 2 ** 20 };
    };
    (async () => {
      await round();
      await round();
      const before = await memory();
      await round();
      const after = await memory();
      console.log(JSON.stringify({ heap: after.heap - before.heap, process: after.process - before.process }));
    })();`;
  const env = { ...process.env, SETTINGS: JSON.stringify(sandbox.settings) };
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', '-e', script], { env, cwd });
  return JSON.parse(stdout);
}

test('15,000 failed calls leak no memory', async () => {
  const grown = await growth(`const client = new Client(settings);
    const { signal } = new AbortController();
    async function round() {
      for (let n = 0; n < 5_000; n += 50) {
        await Promise.allSettled(Array.from({ length: 50 }, (_, i) =>
          i % 2 ? client.accounts.get(404 + n, { signal }) : client.accounts.get(NaN)));
      }
    }`);
  assert.ok(grown.heap < 1 && grown.process < 20, JSON.stringify(grown)); // 20 MB are 4 KB per call
});

test('1,500 dropped clients leak no memory', async () => {
  const grown = await growth(`async function round() {
      for (let n = 0; n < 500; n++) {
        const client = new Client({ ...settings, onEvent: () => {} });
        if (n % 25 === 0) await client.accounts.get(1);
      }
    }`);
  assert.ok(grown.heap < 1 && grown.process < 20, JSON.stringify(grown)); // 20 MB are 40 KB per client
});
