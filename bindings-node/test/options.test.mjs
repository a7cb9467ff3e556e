/** Settings of single calls. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client, Decimal, ServerError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('withOptions returns a client or an entity with other settings, and the same token and counters', async () => {
  const client = new Client({ ...sandbox.settings, backoffBaseMs: 1 });
  const fault = { on: { action: /** @type {const} */ ('get') }, times: 0, response: { status: 503, body: '' } };
  await client.accounts.get(1);
  await sandbox.fault(fault);
  for (const accounts of [
    client.withOptions({ maxRetries: 1 }).accounts,
    client.accounts.withOptions({ maxRetries: 1 }),
    client.withOptions({ maxRetries: 0 }).entity('Account').withOptions({ maxRetries: 1 }),
  ]) {
    const before = (await sandbox.journal('get')).length;
    await assert.rejects(accounts.get(1), (error) => error instanceof ServerError && error.attempts === 2);
    assert.equal((await sandbox.journal('get')).length - before, 2);
  }
  assert.deepEqual([client.stats().calls, client.stats().logins], [4, 1]);
});

test('withOptions sets the type of decimals and the page size', async () => {
  const client = new Client({ ...sandbox.settings, integers: 'string' });
  const id = await client.accounts.create({ name: 'Żubr', price: 0.5, big: 2n ** 64n });
  const exact = client.withOptions({ decimals: 'decimal', pageSize: 7 });
  const { price, big } = await exact.accounts.get(id);
  assert.deepEqual([price, big], [new Decimal('0.5'), String(2n ** 64n)]);
  assert.equal((await exact.accounts.withOptions({ decimals: 'float' }).get(id)).price, 0.5);
  await exact.accounts.list().toArray();
  assert.equal((await sandbox.journal('list'))[0]?.query.max, '7');
});

test('an invalid option of withOptions is named in the error', () => {
  const client = new Client(sandbox.settings);
  const of = (/** @type {any} */ options) => () => client.withOptions(options);
  assert.throws(of({ clientId: 'x' }), { name: 'ConfigError', setting: 'clientId', message: /belongs to the whole/ });
  assert.throws(of({ maxRetrys: 1 }), { name: 'ConfigError', setting: 'maxRetrys' });
  assert.throws(of({ timeoutMs: -1 }), { name: 'ConfigError', setting: 'timeoutMs' });
  assert.throws(of(undefined), { name: 'ConfigError', setting: 'options' });
  assert.throws(() => client.accounts.withOptions({ pageSize: 0 }), { name: 'ConfigError', setting: 'pageSize' });
});

test('an iterator is disposed at the end of a block', async () => {
  const client = new Client(sandbox.settings);
  const records = client.accounts.list({ pageSize: 2 })[Symbol.asyncIterator]();
  await records.next();
  await records[Symbol.asyncDispose]();
  assert.deepEqual(await records.next(), { done: true, value: undefined });
  const rows = client.accounts.streamGetMany([1, 2, 3]);
  await rows.next();
  await rows[Symbol.asyncDispose]();
  assert.deepEqual(await rows.next(), { done: true, value: undefined });
});

test('headers of a call are added to those of the client', async () => {
  const client = new Client({ ...sandbox.settings, headers: { 'X-Team': 'sales', traceparent: 'none' } });
  const headers = { Traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' };
  const { accounts } = client;
  await accounts.get(1, { headers });
  await accounts.list({ headers, limit: 1 }).toArray();
  await accounts.getMany([1], { headers });
  await accounts.withOptions({ headers }).get(1);
  await client.call('Account', 'get', { id: 1 }, { method: 'GET', headers });
  await accounts.get(1);
  const sent = (await sandbox.journal({ entity: 'Account' })).map(({ headers }) => headers);
  assert.deepEqual(
    sent.map((headers) => headers.traceparent),
    [...Array(5).fill(headers.Traceparent), 'none'],
  );
  assert.ok(sent.every((headers) => headers['x-team'] === 'sales'));
  for (const invalid of [{ authorization: 'Bearer x' }, { 'X-A': '1\r\nX-B: 2' }, { 'X A': '1' }, { 'X-A': 5 }]) {
    const call = accounts.get(1, { headers: /** @type {any} */ (invalid) });
    await assert.rejects(call, { name: 'ConfigError', setting: 'headers' });
  }
});
