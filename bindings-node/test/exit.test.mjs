/** A program ends when its calls have finished, and can exit before. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program, startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();

/** Runs a script with a `client` in another process. @param {string} script */
function start(script) {
  const text = `const client = new (require('egito').Client)(JSON.parse(process.env.SETTINGS)); ${script}`;
  const env = { ...process.env, SETTINGS: JSON.stringify(sandbox.settings) };
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  return spawn(process.execPath, ['-e', text], { env, cwd, timeout: 10_000, stdio: ['pipe', 'inherit', 'inherit'] });
}

test('the process ends after the last call, with an open client and a partly read list', async () => {
  const child = start('client.accounts.list({ pageSize: 5 }).pages().next().then(() => { process.exitCode = 3; })');
  assert.deepEqual(await once(child, 'exit'), [3, null]);
});

test('a listener does not keep the process alive', async () => {
  const child = start(`const { Client } = require('egito');
    const watched = new Client({ ...JSON.parse(process.env.SETTINGS), onEvent: () => { process.exitCode = 3; } });
    watched.accounts.get(1).then(() => setImmediate(() => {}));`);
  assert.deepEqual(await once(child, 'exit'), [3, null]);
});

test('the process waits for a call in flight', async () => {
  await sandbox.fault({ on: { action: 'get' }, delayMs: 100 });
  const child = start('client.accounts.get(1).then(() => { process.exitCode = 3; })');
  assert.deepEqual(await once(child, 'exit'), [3, null]);
});

test('process.exit() with a call in flight ends at once', async () => {
  await sandbox.fault({ on: { action: 'delete' }, hold: 'gate' });
  const child = start(`client.accounts.delete(1); process.stdin.on('data', () => process.exit(3))`);
  await sandbox.journal('delete', 1);
  child.stdin.write('now');
  assert.deepEqual(await once(child, 'exit'), [3, null]);
});

for (const type of ['module', 'commonjs']) {
  test(`a program continues after it has stopped its sandbox (${type})`, async () => {
    const work = `const sandbox = await startSandbox({ program: ${JSON.stringify(program)} });
      await sandbox.stop(); await sandbox.stop(); process.exitCode = 3;`;
    const text =
      type === 'module'
        ? `import { startSandbox } from 'egito/testing'; ${work}`
        : `const { startSandbox } = require('egito/testing'); (async () => { ${work} })();`;
    const cwd = fileURLToPath(new URL('..', import.meta.url));
    const child = spawn(process.execPath, [`--input-type=${type}`, '-e', text], { cwd, stdio: 'inherit' });
    assert.deepEqual(await once(child, 'exit'), [3, null]);
  });
}
