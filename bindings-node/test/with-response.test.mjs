/** Responses of calls and pages, with `Headers`. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

const headers = { 'X-Request-Id': 'r-1', Link: ['</a>', '</b>'], 'Set-Cookie': ['JSESSIONID=1', 'remember=me'] };

test('a call returns its status and headers like fetch', async () => {
  await sandbox.fault({ on: { action: 'get' }, response: { status: 203, headers, json: { id: 7 } } });
  const response = await new Client(sandbox.settings).accounts.withResponse().get(7);
  assert.deepEqual([response.value, response.status, response.attempts, response.callId], [{ id: 7 }, 203, 1, 1]);
  assert.ok(response.headers instanceof Headers);
  assert.equal(response.headers.get('x-request-id'), 'r-1');
  assert.equal(response.headers.get('link'), '</a>, </b>');
  assert.deepEqual(response.headers.getSetCookie(), ['[removed]', '[removed]']);
  assert.ok(response.elapsed > 0 && response.elapsed < 60);
});

test('number settings apply to the value only', async () => {
  const client = new Client({ ...sandbox.settings, decimals: 'decimal', integers: 'string' });
  const response = await client.entity('Offer').withResponse().call('print', { id: 7 });
  assert.deepEqual(
    ['status', 'attempts', 'callId', 'elapsed'].map((name) => typeof Reflect.get(response, name)),
    ['number', 'number', 'number', 'number'],
  );
});

test('options of a call apply with its response, too', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'get' }, times: 0, response: { status: 503 } });
  const accounts = client.accounts.withResponse();
  await assert.rejects(accounts.get(1, { maxRetries: 0 }), { code: 'server', attempts: 1 });
  await assert.rejects(accounts.get(1, { signal: AbortSignal.abort() }), { code: 'cancelled' });
  await assert.rejects(accounts.get(1, /** @type {any} */ ({ retries: 0 })), { code: 'config', setting: 'retries' });
});

test('each page has its own response, and the loop can be left', async () => {
  await sandbox.reset({ seed: 'empty', records: { Offer: 5 } });
  const client = new Client({ ...sandbox.settings, pageOverlap: 0 });
  const list = client.entity('Offer').list({ pageSize: 2 }).withResponse();
  const pages = [];
  for await (const { value, status, callId } of list.pages()) {
    pages.push([value.map(({ id }) => id), status, callId]);
  }
  assert.deepEqual(
    pages.map(([ids, status]) => [ids, status]),
    [
      [[1, 2], 200],
      [[3, 4], 200],
      [[5], 200],
    ],
  );
  assert.equal(new Set(pages.map(([, , callId]) => callId)).size, 3);
  for await (const { value } of list.pages()) {
    assert.equal(value.length, 2);
    break;
  }
});

test('destructured methods work', async () => {
  const { withResponse, list } = new Client(sandbox.settings).accounts;
  const { create, get } = withResponse();
  const { value: id } = await create({ name: 'Żubr' });
  assert.equal((await get(id)).value.name, 'Żubr');
  const { pages } = list().withResponse();
  for await (const { status } of pages()) {
    assert.equal(status, 200);
  }
});

test('the events of a call have its number and its context', async () => {
  /** @type {number[]} */
  const calls = [];
  const client = new Client({ ...sandbox.settings, onEvent: ({ call }) => calls.push(call) });
  const { callId } = await client.accounts.withResponse().get(1);
  await new Promise(setImmediate);
  assert.deepEqual(calls, [callId, callId]); // the login, too
  await client.close();
});
