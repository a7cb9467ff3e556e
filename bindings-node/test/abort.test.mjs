/** An `AbortSignal` cancels calls and lists with their requests, and has no listener left. */

import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { beforeEach, test } from 'node:test';
import { CancelledError, Client, OutcomeUnknownError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

const reason = new Error('the user went home');

test('an aborted signal sends nothing, not even the login', async () => {
  const client = new Client(sandbox.settings);
  const call = client.accounts.create({ name: 'Żubr' }, { signal: AbortSignal.abort(reason) });
  await assert.rejects(call, { name: 'CancelledError', code: 'cancelled', cause: reason, outcome: 'not_sent' });
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('the reason of a signal is the cause, of any type', async () => {
  const client = new Client(sandbox.settings);
  for (const cause of [null, 0, '', 'enough']) {
    const signal = AbortSignal.abort(cause);
    await assert.rejects(client.accounts.get(1, { signal }), (/** @type {any} */ error) => error.cause === cause);
    await assert.rejects(client.accounts.list({ signal }).first(), (/** @type {any} */ error) => error.cause === cause);
    await assert.rejects(
      client.leads.createMany([{}], { signal }),
      (/** @type {any} */ error) => error.cause === cause,
    );
  }
});

test('all calls accept a signal', async () => {
  const client = new Client(sandbox.settings);
  const signal = AbortSignal.abort(reason);
  const calls = [
    client.accounts.get(1, { signal }),
    client.accounts.update(1, { city: 'Łódź' }, { signal }),
    client.accounts.delete(1, { signal }),
    client.accounts.call('print', {}, { signal }),
    client.call('Offer', 'print', {}, { signal }),
    client.accounts.list({ signal }).first(),
    client.accounts.list({ pageSize: 5, signal }).toArray(),
    client.dictionary('industry', { signal }).toArray(),
  ];
  for (const call of calls) {
    await assert.rejects(call, { name: 'CancelledError', cause: reason });
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('an abort in flight cancels the request and removes the listener', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const controller = new AbortController();
  let aborts = 0;
  controller.signal.onabort = () => aborts++;

  const call = client.accounts.create({ name: 'Żubr' }, { signal: controller.signal });
  await sandbox.journal('create', 1);
  controller.abort(reason);
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof OutcomeUnknownError);
    assert.equal(error.cause, reason);
    assert.equal(error.outcome, 'unknown');
    assert.deepEqual(error.record, { name: 'Żubr' });
    return true;
  });
  await sandbox.disconnected('create');
  assert.equal(aborts, 1);
  assert.equal(getEventListeners(controller.signal, 'abort').length, 1, 'only its own onabort');
});

test('an abort while connecting closes the connection', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const client = new Client({ ...sandbox.settings, baseUrl: `https://127.0.0.1:${port}` });
  const controller = new AbortController();
  const call = client.accounts.create({ name: 'Żubr' }, { signal: controller.signal });
  const [socket] = await once(server, 'connection'); // the TLS handshake gets no response
  const closed = once(socket.resume(), 'close'); // possibly before the call rejects
  controller.abort(reason);
  await assert.rejects(call, { name: 'CancelledError', cause: reason, outcome: 'not_sent' });
  await closed;
  server.close();
});

test('an abort while a response is read closes the connection', async () => {
  /** @type {import('node:http').ServerResponse[]} */
  const responses = [];
  const server = createHttpServer((request, response) => {
    if (request.url === '/oauth/token') {
      response.end('{"access_token": "a-token", "token_type": "bearer"}');
      return;
    }
    response.write('{"id": 1, "name": "'); // the rest never follows
    responses.push(response);
    server.emit('responding');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const client = new Client({ ...sandbox.settings, baseUrl: `http://127.0.0.1:${port}` });
  const controller = new AbortController();
  const call = client.accounts.get(1, { signal: controller.signal });
  await once(server, 'responding');
  controller.abort(reason);
  await assert.rejects(call, { name: 'CancelledError', cause: reason });
  const [response] = responses;
  if (response && !response.destroyed) {
    await once(response, 'close');
  }
  server.close();
});

test('successful calls leave no listener, and cause no warning of a leak', async (t) => {
  const client = new Client(sandbox.settings);
  const { signal } = new AbortController();
  const warn = t.mock.method(process, 'emitWarning');
  const calls = Array.from({ length: 20 }, () => client.accounts.get(1, { signal }));
  assert.equal(getEventListeners(signal, 'abort').length, 1);
  await Promise.all(calls);
  assert.equal(warn.mock.callCount(), 0);
  await client.accounts.list({ signal, pageSize: 5 }).toArray();
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('a call that waits for the login of an aborted call continues', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'login' }, hold: 'gate' });
  const controller = new AbortController();
  const aborted = client.accounts.get(1, { signal: controller.signal });
  const waiting = client.accounts.get(2);
  await sandbox.journal('login', 1);
  controller.abort();
  await assert.rejects(aborted, CancelledError);
  await sandbox.release('gate');
  assert.equal((await waiting).id, 2);
});

test('an abort ends a list that is being read', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'list' }, skip: 1, hold: 'gate' });
  const controller = new AbortController();
  const pages = client.accounts.list({ pageSize: 5, signal: controller.signal }).pages();
  assert.equal((await pages.next()).value.length, 5);
  const second = pages.next();
  await sandbox.journal('list', 2);
  controller.abort(reason);
  await assert.rejects(second, { name: 'CancelledError', cause: reason, action: 'list' });
  await assert.rejects(
    pages.next(),
    { name: 'CancelledError', cause: reason },
    'an end would look as if the list were complete',
  );
});

test('no record is returned after the abort, not even of a page in memory', async () => {
  await sandbox.reset({ records: { Account: 20 }, config: { listForm: 'rows', totalKey: 'total' } });
  const client = new Client(sandbox.settings);
  const controller = new AbortController();
  let read = 0;
  async function loop() {
    for await (const _ of client.accounts.list({ signal: controller.signal })) {
      if (++read === 3) {
        controller.abort(reason);
      }
    }
  }
  await assert.rejects(loop, { name: 'CancelledError', cause: reason, action: 'list' });
  assert.equal(read, 3);
});

test('leaving a loop cancels the requests in flight, those of prefetched pages included', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'list' }, skip: 2, times: 0, hold: 'gate' });
  let read = 0;
  for await (const _ of client.accounts.list({ pageSize: 5 })) {
    if (++read === 7) {
      break;
    }
  }
  await sandbox.disconnected('list', 2);
});

test('return() cancels the request of a page in flight', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'list' }, hold: 'gate' });
  const records = client.accounts.list()[Symbol.asyncIterator]();
  const next = records.next();
  await sandbox.journal('list', 1);
  await records.return?.();
  assert.deepEqual(await next, { done: true, value: undefined });
  await sandbox.disconnected('list');
});
