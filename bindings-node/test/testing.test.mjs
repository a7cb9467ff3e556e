/** The helpers of egito/testing. */

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Client, NotFoundError, ServerError } from 'egito';
import { startSandbox } from 'egito/testing';
import { program } from './sandbox.mjs';

const sandbox = await startSandbox({ program });
beforeEach(() => sandbox.reset());
test.after(() => sandbox.stop());

test('faults, config and the journal have names in camelCase', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.reset({ seed: 'empty', records: { Offer: 3 }, config: { listForm: 'rows', totalKey: 'total' } });
  await sandbox.config({ notFoundForm: 'empty' });
  await sandbox.fault([
    { on: { action: 'get', entity: 'Offer' }, delayMs: 1, expireToken: true },
    { on: { action: 'get' }, response: { bodyBase64: Buffer.from('{"id":7}').toString('base64') } },
  ]);
  assert.equal((await client.entity('Offer').get(1)).id, 7);
  await assert.rejects(client.entity('Offer').get(99), NotFoundError);
  const [first] = await sandbox.journal({ action: 'get' });
  const { status, clientGone, inFlight, tokenIn, fault, durationMs } = first ?? assert.fail();
  assert.deepEqual([status, clientGone, inFlight, tokenIn], [401, false, 1, 'header']);
  assert.deepEqual(fault, { id: 1, delayMs: 1, expireToken: true });
  assert.ok(durationMs !== null && durationMs >= 1);
});

test('its page is served', async () => {
  const response = await fetch(sandbox.page);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /<title>Egito sandbox/);
});

test('the journal can be filtered and cleared', async () => {
  const client = new Client(sandbox.settings);
  await client.accounts.get(1);
  await client.leads.create({ lastName: 'Nowak' });
  const entities = (await sandbox.journal({ entity: 'Lead' })).map(({ action, entity }) => [action, entity]);
  assert.deepEqual(entities, [['create', 'Lead']]);
  assert.equal((await sandbox.journal({ entity: 'Account', action: 'get', clientGone: false })).length, 1);
  await sandbox.clearJournal();
  assert.deepEqual(await sandbox.journal(), []);
});

test('faults can be removed, and the clock advanced', async () => {
  const client = new Client({ ...sandbox.settings, maxRetries: 0 });
  await sandbox.fault({ on: { action: 'get' }, times: 0, response: { status: 503, body: '' } });
  await assert.rejects(client.accounts.get(1), ServerError);
  await sandbox.clearFaults();
  await client.accounts.get(1);
  await sandbox.advance(7200);
  await client.accounts.get(1);
  assert.equal((await sandbox.journal({ action: 'login' })).length, 2);
});

test('the helpers do not use the global fetch', async (t) => {
  const fetched = mock.method(globalThis, 'fetch', () => assert.fail('fetch was called'));
  t.after(() => fetched.mock.restore());
  await sandbox.reset();
  assert.deepEqual(await sandbox.journal(), []);
  const another = await startSandbox({ program });
  t.after(() => another.stop());
  assert.equal((await another.records('Account')).length, 20);
});

test('unknown names are errors', async () => {
  const misspelt = /** @type {any} */ ({ program, recods: 5 });
  await assert.rejects(startSandbox(misspelt), { name: 'TypeError', message: /`recods`; expected one of .*records/ });
  const journal = sandbox.journal(/** @type {any} */ ({ acton: 'create' }));
  await assert.rejects(journal, { name: 'TypeError', message: /`acton`/ });
  await assert.rejects(sandbox.fault(/** @type {any} */ ({ on: { acton: 'get' }, cut: 'after' })), /acton/);
  await assert.rejects(sandbox.reset(/** @type {any} */ ({ record: {} })), /unknown option `record`/);
  await assert.rejects(sandbox.config(/** @type {any} */ ({ pageCup: 1 })), /page_cup/);
});
