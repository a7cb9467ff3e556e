/** The outbox: its methods, options and results. The suite and the core test the rules. */

import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { AuthError, Client, ConfigError, NotFoundError, Outbox, ValidationError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ seed: 'empty' }));

const folder = mkdtempSync(join(tmpdir(), 'egito-outbox-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = () => join(folder, `${count++}.db`);

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

const lead = { lastName: 'Ryś', formKey: 'f-1' };

test('what was put is delivered once', async () => {
  const client = new Client(sandbox.settings);
  const outbox = client.outbox(newPath(), { keepDays: 7, concurrency: 4, lookup: 'scan' });
  assert.ok(outbox instanceof Outbox);
  const { put, putUpsert, putUpdate, putDelete, counts, deliver, entries, get } = outbox;
  const id = await client.leads.create({ lastName: 'Żak' });
  assert.equal(await put('Lead', lead, { key: 'formKey' }), 1);
  assert.equal(await put('Lead', lead, { key: ['formKey'] }), 1, 'the form was sent twice');
  assert.equal(await putUpsert('Account', { nip: '5250001009', name: 'Żubr' }, { key: 'nip', lookup: 'scan' }), 2);
  assert.equal(await putUpdate('Lead', id, { lastName: 'Żak-Ryś' }), 3);
  assert.equal(await putDelete('Lead', id), 4);
  assert.deepEqual(await counts(), { waiting: 4, sending: 0, refused: 0, unclear: 0, delivered: 0 });
  const waiting = await get(4);
  assert.deepEqual(waiting, {
    id: 4,
    entity: 'Lead',
    action: 'delete',
    state: 'waiting',
    key: [],
    recordId: id,
    attempts: 0,
    createdAt: waiting.createdAt,
    ...(waiting.nextAttemptAt && { nextAttemptAt: waiting.nextAttemptAt }),
  });
  assert.ok(Math.abs(Date.parse(waiting.createdAt) - Date.now()) < 60_000);
  assert.deepEqual(await deliver(), { delivered: 4, refused: 0, unclear: 0, waiting: 0 });
  const delivered = await entries({ state: 'delivered', after: 1, limit: 2 });
  assert.deepEqual(
    delivered.map(({ id, action, record }) => [id, action, record]),
    [
      [2, 'upsert', { nip: '5250001009', name: 'Żubr' }],
      [3, 'update', { lastName: 'Żak-Ryś' }],
    ],
  );
  const { recordId } = await get(1);
  assert.equal((await client.leads.get(/** @type {any} */ (recordId))).lastName, 'Ryś');
  await assert.rejects(client.leads.get(id), NotFoundError);
});

test('ids and numbers keep their digits', async () => {
  const id = 1152921504606846977n;
  const outbox = new Client(sandbox.settings).outbox(newPath());
  const entry = await outbox.putUpdate('Lead', id, { limit: 9007199254740993n });
  const { recordId, record } = await outbox.get(entry);
  assert.deepEqual([recordId, record], [id, { limit: 9007199254740993n }]);
  await outbox.deliver();
  const [update] = await sandbox.journal('update');
  assert.equal(update?.body, `{"id":${id},"limit":9007199254740993}`);
});

test('a refused entry has its error, and can be edited, retried or discarded', async () => {
  const outbox = new Client(sandbox.settings).outbox(newPath());
  const id = await outbox.put('Lead', { formKey: 'f-1' }, { key: 'formKey' });
  const other = await outbox.putDelete('Lead', 404);
  assert.equal((await outbox.deliver()).refused, 2);
  const { error, state, attempts } = await outbox.get(id);
  assert.ok(error instanceof ValidationError && error.errors[0]?.field === 'lastName');
  assert.deepEqual([state, attempts], ['refused', 1]);
  await outbox.retry(other);
  assert.deepEqual([(await outbox.counts()).waiting, (await outbox.deliver()).refused], [1, 1]);
  await outbox.discard(other);
  await assert.rejects(outbox.edit(id, { formKey: 'f-2' }), { code: 'config', setting: 'record' });
  assert.equal(await outbox.edit(id, lead), undefined);
  assert.equal((await outbox.deliver({ limit: 1 })).delivered, 1);
  await assert.rejects(outbox.retry(id), { code: 'config', setting: 'id' });
  await assert.rejects(outbox.get(other), NotFoundError);
});

test('invalid arguments are errors, and nothing is stored', async () => {
  const client = new Client(sandbox.settings);
  const config = (/** @type {string} */ setting) => ({ name: 'ConfigError', code: 'config', setting });
  for (const path of /** @type {any[]} */ ([undefined, 5, join(folder, 'no', 'folder'), folder])) {
    assert.throws(() => client.outbox(path), config('outbox'));
  }
  assert.throws(() => client.outbox(newPath(), { keepDays: -1 }), config('keepDays'));
  assert.throws(() => client.outbox(newPath(), { lookup: /** @type {any} */ ('guess') }), config('lookup'));
  assert.throws(() => client.outbox(newPath(), { concurrency: 0 }), config('concurrency'));
  assert.throws(() => client.outbox(newPath(), /** @type {any} */ ({ days: 1 })), config('days'));
  const damaged = newPath();
  writeFileSync(damaged, 'a text file with the name of an outbox'.repeat(100));
  await assert.rejects(client.outbox(damaged).counts(), config('outbox'));

  const outbox = /** @type {any} */ (client.outbox(newPath()));
  await assert.rejects(outbox.put('Lead', lead, {}), config('key'));
  await assert.rejects(outbox.put('Lead', lead, { key: 'nip' }), config('key'));
  await assert.rejects(outbox.put('Lead', lead, { key: 'formKey', signal: null }), config('signal'));
  await assert.rejects(outbox.put('Le/ad', lead, { key: 'formKey' }), config('entity'));
  await assert.rejects(outbox.put(undefined, lead, { key: 'formKey' }), config('entity'));
  await assert.rejects(
    outbox.putUpsert('Lead', { formKey: new Date(Number.NaN) }, { key: 'formKey' }),
    config('record'),
  );
  await assert.rejects(outbox.putDelete('Lead', 1.5), config('id'));
  await assert.rejects(outbox.deliver({ limit: -1 }), config('limit'));
  await assert.rejects(outbox.deliver({ limit: 0 }), config('limit'));
  await assert.rejects(outbox.entries({ state: 'done' }), ConfigError);
  await assert.rejects(outbox.get('1'), config('id'));
  assert.throws(() => outbox.start({ intervalMs: -1 }), config('intervalMs'));
  assert.throws(() => outbox.start(/** @type {any} */ ('x')), config('options'));
  assert.deepEqual(await outbox.entries(), []);
});

test('while the server refuses the login, an outbox is paused and loses nothing', async () => {
  const path = newPath();
  const outbox = new Client({ ...sandbox.settings, password: 'expired' }).outbox(path);
  await outbox.put('Lead', lead, { key: 'formKey' });
  const paused = await outbox.deliver();
  assert.deepEqual([paused.delivered, paused.waiting], [0, 1]);
  assert.ok(paused.pausedBy instanceof AuthError);
  assert.ok(Date.parse(String(paused.nextAttemptAt)) > Date.now());
  const corrected = new Client(sandbox.settings).outbox(path);
  assert.equal((await corrected.deliver()).pausedBy?.code, 'auth');
  await corrected.retry(1);
  assert.deepEqual(await corrected.deliver(), { delivered: 1, refused: 0, unclear: 0, waiting: 0 });
});

test('a signal ends a delivery, whose options apply to its calls', async () => {
  const outbox = new Client(sandbox.settings).outbox(newPath());
  await outbox.putUpdate('Lead', 404, { lastName: 'Żak' });
  await assert.rejects(outbox.deliver({ signal: AbortSignal.abort('enough') }), { code: 'cancelled', cause: 'enough' });
  assert.deepEqual(await sandbox.journal('update'), []);
  await outbox.deliver({ headers: { 'X-Job': 'night' } });
  assert.equal((await sandbox.journal('update'))[0]?.headers['x-job'], 'night');
});

test('a started outbox delivers by itself until it is stopped', async () => {
  const client = new Client(sandbox.settings);
  const outbox = client.outbox(newPath());
  assert.equal(outbox.lastDelivery(), undefined);
  outbox.start({ intervalMs: 50 });
  outbox.start();
  await outbox.put('Lead', lead, { key: 'formKey' });
  while ((await outbox.counts()).delivered === 0);
  while (outbox.lastDelivery()?.waiting !== 0) {
    await new Promise(setImmediate);
  }
  await outbox.stop();
  await outbox.put('Lead', { ...lead, formKey: 'f-2' }, { key: 'formKey' });
  await client.close();
  assert.deepEqual((await outbox.counts()).waiting, 1);
  assert.equal((await sandbox.journal('create')).length, 1);
});

test('a started outbox goes on if the program keeps no reference to it', async () => {
  const path = newPath();
  const client = new Client(sandbox.settings);
  client.outbox(path).start({ intervalMs: 100 });
  for (let turn = 0; turn < 3; turn += 1) {
    collectGarbage();
    await new Promise(setImmediate);
  }
  const outbox = new Client(sandbox.settings).outbox(path);
  await outbox.put('Lead', lead, { key: 'formKey' });
  while ((await outbox.counts()).delivered === 0);
  await client.close();
});

test('events of a started outbox run in the context of its start', async () => {
  const context = new AsyncLocalStorage();
  const stores = /** @type {any[]} */ ([]);
  const onEvent = () => stores.push(context.getStore());
  const outbox = new Client({ ...sandbox.settings, onEvent }).outbox(newPath());
  context.run('background', () => outbox.start());
  await outbox.put('Lead', lead, { key: 'formKey' });
  while ((await outbox.counts()).delivered === 0);
  await outbox.stop();
  await new Promise(setImmediate);
  assert.ok(stores.length >= 2 && stores.every((store) => store === 'background'), String(stores));
});

test('many calls at once, in several threads, put each key once', async () => {
  const path = newPath();
  const code = `
    const { workerData } = require('node:worker_threads');
    const { Client } = require('egito');
    const outbox = new Client(workerData.settings).outbox(workerData.path);
    const put = (_, index) => outbox.put('Lead', { lastName: 'Ryś', formKey: 'f-' + index }, { key: 'formKey' });
    Promise.all(Array.from({ length: 50 }, put)).then(() => outbox.deliver());`;
  const workers = [1, 2].map(() => new Worker(code, { eval: true, workerData: { path, settings: sandbox.settings } }));
  const exits = workers.map(
    (worker) => new Promise((resolve, reject) => worker.on('exit', resolve).on('error', reject)),
  );
  assert.deepEqual(await Promise.all(exits), [0, 0]);
  const outbox = new Client(sandbox.settings).outbox(path);
  await outbox.deliver();
  assert.deepEqual(await outbox.counts(), { waiting: 0, sending: 0, refused: 0, unclear: 0, delivered: 50 });
  assert.equal((await sandbox.journal('create')).length, 50);
});
