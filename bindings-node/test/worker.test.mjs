/** Worker threads use the package, and may be terminated with a call in flight. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { beforeEach, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

/** Starts a worker with a `client`. @param {string} script */
function worker(script) {
  const text = `const { Client } = require(${JSON.stringify(new URL('../dist/index.js', import.meta.url).pathname)});
    const { parentPort, workerData } = require('node:worker_threads'); const client = new Client(workerData); ${script}`;
  return new Worker(text, { eval: true, workerData: sandbox.settings });
}

test('a worker makes calls and ends on its own', async () => {
  const thread = worker('client.accounts.get(1).then(({ id }) => parentPort.postMessage(id))');
  const [[id], [code]] = await Promise.all([once(thread, 'message'), once(thread, 'exit')]);
  assert.deepEqual([id, code], [1, 0]);
});

test('terminating workers cancels their calls in flight, and the process continues', async () => {
  await sandbox.fault({ on: { action: 'get' }, times: 0, hold: 'gate' });
  const script = `client.accounts.get(1); client.accounts.getMany([2, 3]); client.accounts.list().toArray()`;
  const threads = Array.from({ length: 20 }, () => worker(script));
  await sandbox.journal('get', 60);
  await Promise.all(threads.map((thread) => thread.terminate()));
  await sandbox.disconnected('get');
  assert.ok(await new Client(sandbox.settings).accounts.list().first());
});

test('a worker can be terminated while it receives events', async () => {
  const script = `const watched = new Client({ ...workerData, onEvent: () => parentPort.postMessage(1) });
    (async () => { for (;;) await Promise.all([watched.accounts.get(1), watched.accounts.get(2)]); })()`;
  const threads = Array.from({ length: 4 }, () => worker(script));
  await Promise.all(threads.map((thread) => once(thread, 'message')));
  await Promise.all(threads.map((thread) => thread.terminate()));
  assert.ok(await new Client(sandbox.settings).accounts.get(1));
});
