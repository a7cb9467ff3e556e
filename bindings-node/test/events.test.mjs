/** What a client counts, and what it tells its listener. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client, NotFoundError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('the counters count', async () => {
  const client = new Client(sandbox.settings);
  const none = { calls: 0, attempts: 0, retries: 0, logins: 0, bytesSent: 0, bytesReceived: 0 };
  assert.deepEqual(client.stats(), none);
  await sandbox.fault({ on: { action: 'get' }, answer: { status: 503 } });
  await client.accounts.get(1);
  const { bytesSent, bytesReceived, ...stats } = client.stats();
  assert.deepEqual(stats, { calls: 1, attempts: 2, retries: 1, logins: 1 });
  assert.ok(bytesSent > 0 && bytesReceived > 0);
});

test('every attempt is told, before the loop turns on', async () => {
  const events = /** @type {any[]} */ ([]);
  const client = new Client({ ...sandbox.settings, onEvent: (event) => events.push(event) });
  await assert.rejects(client.accounts.get(404), NotFoundError);
  await new Promise(setImmediate);
  assert.deepEqual(
    events.map(({ elapsed, bytes, ...event }) => event),
    [
      { action: 'login', attempt: 1, status: 200 },
      { action: 'get', entity: 'Account', attempt: 1, status: 404, code: 'not_found' },
    ],
  );
  assert.ok(events.every(({ elapsed, bytes }) => elapsed > 0 && bytes >= 0));
  client.close();
});

test('a listener is a function', () => {
  const onEvent = /** @type {any} */ ('console.log');
  assert.throws(() => new Client({ ...sandbox.settings, onEvent }), { name: 'ConfigError', setting: 'onEvent' });
});
