/** Counters and events of a client. */

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { beforeEach, test } from 'node:test';
import { Client, NotFoundError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('stats counts calls, attempts, retries, logins and bytes', async () => {
  const client = new Client(sandbox.settings);
  const none = { calls: 0, attempts: 0, retries: 0, logins: 0, bytesSent: 0, bytesReceived: 0 };
  assert.deepEqual(client.stats(), none);
  await sandbox.fault({ on: { action: 'get' }, response: { status: 503 } });
  await client.accounts.get(1);
  const { bytesSent, bytesReceived, ...stats } = client.stats();
  assert.deepEqual(stats, { calls: 1, attempts: 2, retries: 1, logins: 1 });
  assert.ok(bytesSent > 0 && bytesReceived > 0);
});

test('every attempt has an event, in the same turn of the event loop', async () => {
  const events = /** @type {any[]} */ ([]);
  const client = new Client({ ...sandbox.settings, onEvent: (event) => events.push(event) });
  await assert.rejects(client.accounts.get(404), NotFoundError);
  await new Promise(setImmediate);
  assert.deepEqual(
    events.map(({ elapsed, bytes, host, ...event }) => event),
    [
      { kind: 'end', call: 1, action: 'login', method: 'POST', attempt: 1, status: 200 },
      {
        kind: 'end',
        call: 1,
        action: 'get',
        entity: 'Account',
        method: 'GET',
        attempt: 1,
        status: 404,
        code: 'not_found',
      },
    ],
  );
  assert.ok(events.every(({ elapsed, bytes }) => elapsed > 0 && bytes >= 0));
  assert.ok(events.every(({ host }) => `http://${host}` === sandbox.settings.baseUrl));
  client.close();
});

test('events run in the async context of their call: calls, prefetched pages, rows of bulks', async () => {
  const request = new AsyncLocalStorage();
  const received = /** @type {any[]} */ ([]);
  const client = new Client({
    ...sandbox.settings,
    startEvents: true,
    prefetch: 2,
    onEvent: ({ kind, action, entity }) => received.push([request.getStore(), kind, action, entity]),
  });
  await sandbox.reset({ records: { Offer: 30, Lead: 30 } });
  const [accounts, offers, leads] = [client.accounts, client.entity('Offer'), client.leads];
  await client.accounts.get(1); // logs in
  await new Promise(setImmediate);
  received.length = 0;
  await Promise.all([
    ...[1, 2, 3].map((id) => request.run(`get ${id}`, () => accounts.get(id))),
    request.run('list', async () => {
      for await (const _ of offers.list({ pageSize: 5 })) {
        await new Promise(setImmediate);
      }
    }),
    request.run('collected', () => leads.getMany([1, 2, 3, 4, 5], { concurrency: 2 })),
    request.run('streamed', async () => {
      for await (const _ of leads.streamUpdateMany([[6, { city: 'Łódź' }]])) {
        await new Promise(setImmediate);
      }
    }),
    request.run('dictionary', () => client.dictionary('industry').first()),
    request.run('count', () => accounts.withOptions({ pageSize: 3 }).list().count()),
  ]);
  await new Promise(setImmediate);
  const of = (/** @type {unknown} */ store) =>
    received.filter(([own]) => own === store).map(([, ...rest]) => rest.join(' '));
  for (const id of [1, 2, 3]) {
    assert.deepEqual(of(`get ${id}`), ['start get Account', 'end get Account']);
  }
  assert.ok(of('list').length >= 12 && of('list').every((event) => event.endsWith('list Offer')), 'pages');
  assert.equal(of('collected').length, 10);
  assert.deepEqual(of('streamed'), ['start update Lead', 'end update Lead']);
  assert.deepEqual(of('dictionary'), ['start list SelectDictionary', 'end list SelectDictionary']);
  assert.ok(of('count').length > 0);
  assert.deepEqual(of(undefined), []);
});

test('a listener must be a function', () => {
  const onEvent = /** @type {any} */ ('console.log');
  assert.throws(() => new Client({ ...sandbox.settings, onEvent }), { name: 'ConfigError', setting: 'onEvent' });
});
