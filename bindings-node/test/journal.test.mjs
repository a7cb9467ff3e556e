/** Journals of bulks: the option, and the rows. The suite and the core test the rules. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Client, OutcomeUnknownError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ seed: 'empty' }));

const folder = mkdtempSync(join(tmpdir(), 'egito-journal-'));
after(() => rmSync(folder, { recursive: true }));
let count = 0;
const newPath = () => join(folder, `${count++}.journal`);

const leads = ['Nowak', 'Ryś', 'Żak', 'Ćma'].map((lastName, index) => ({ lastName, formKey: `f-${index}` }));

test('the same call with the same journal continues where it stopped', async () => {
  const { createMany, streamCreateMany } = new Client(sandbox.settings).leads;
  const journal = newPath();
  const rows = streamCreateMany(leads, { journal, concurrency: 1 });
  const first = (await rows.next()).value;
  assert.equal(first?.resumed, false);
  const done = 1 + (await rows.rest()).filter(({ ok }) => ok).length;
  const again = await createMany(leads, { journal });
  assert.deepEqual(
    again.map(({ index, ok, resumed }) => [index, ok, resumed]),
    leads.map((_, index) => [index, true, index < done]),
  );
  assert.ok(again.every(({ input }, index) => input === leads[index]));
  assert.equal(again[0]?.id, first?.id);
  assert.equal((await sandbox.journal('create')).length, leads.length);
});

test('a large id from the journal keeps its digits', async () => {
  const journal = newPath();
  const id = 1152921504606846977n;
  await sandbox.fault({ on: { action: 'create' }, response: { status: 200, body: `{"id": ${id}}` } });
  for (const [integers, expected] of /** @type {const} */ ([
    ['bigint', id],
    ['string', `${id}`],
  ])) {
    const [row] = await new Client({ ...sandbox.settings, integers }).leads.createMany(leads.slice(0, 1), { journal });
    assert.equal(row?.id, expected);
  }
  assert.equal((await sandbox.journal('create')).length, 1);
});

test('a row in doubt keeps its error, and with a key it is looked for', async () => {
  const { leads: entity } = new Client(sandbox.settings);
  const [journal, keyed] = [newPath(), newPath()];
  await sandbox.fault({ on: { action: 'create' }, cut: 'after' });
  for (let run = 0; run < 2; run += 1) {
    const [row] = await entity.createMany(leads.slice(0, 1), { journal });
    assert.ok(row?.error instanceof OutcomeUnknownError);
    assert.equal(row.resumed, false);
  }
  const [row] = await entity.upsertMany(leads.slice(0, 1), { journal: keyed, key: 'formKey' });
  assert.deepEqual([row?.change, row?.resumed], ['unchanged', false]);
  const [again] = await entity.upsertMany(leads.slice(0, 1), { journal: keyed, key: 'formKey' });
  assert.deepEqual(again, { ...row, resumed: true });
  assert.equal((await sandbox.journal('create')).length, 1);
});

test('updates, deletes and plans have journals, too', async () => {
  const { leads: entity } = new Client(sandbox.settings);
  const ids = (await entity.createMany(leads)).map(({ id }) => /** @type {number} */ (id));
  const plan = await entity.planUpsert([{ formKey: 'f-0', lastName: 'Nowak-Ryś' }], { key: 'formKey' });
  const [updates, deletes, applied] = [newPath(), newPath(), newPath()];
  for (const resumed of [false, true]) {
    const rows = [
      ...(await entity.updateMany([[ids[1] ?? 0, { lastName: 'Żbik' }]], { journal: updates })),
      ...(await entity.applyUpsert(plan, { journal: applied, key: 'formKey' })),
      ...(await entity.deleteMany(ids.slice(2), { journal: deletes })),
    ];
    assert.deepEqual(
      rows.map((row) => [row.ok, row.resumed]),
      Array(4).fill([true, resumed]),
    );
  }
  assert.deepEqual([(await sandbox.journal('update')).length, (await sandbox.journal('delete')).length], [2, 2]);
});

test('a bulk that ended early, or never began, does not keep its journal locked', async () => {
  const { createMany, streamCreateMany } = new Client(sandbox.settings).leads;
  const journal = newPath();
  const broken = {
    [Symbol.iterator]() {
      throw new RangeError('no file');
    },
  };
  const onProgress = () => {
    throw new RangeError('no');
  };
  await assert.rejects(createMany(broken, { journal }), RangeError);
  await assert.rejects(streamCreateMany(broken, { journal }).next(), RangeError);
  await streamCreateMany(leads, { journal }).return();
  await assert.rejects(createMany(leads, { journal, onProgress }), RangeError);
  const rows = streamCreateMany(leads, { journal, onProgress });
  await assert.rejects(rows.next(), RangeError);
  assert.ok((await rows.rest()).length > 0);
  const last = await createMany(leads, { journal });
  assert.ok(last.every(({ ok }) => ok));
  assert.equal((await sandbox.journal('create')).length, leads.length);
});

test('two bulks with one journal at the same time are an error of the second one', async () => {
  const { leads: entity } = new Client(sandbox.settings);
  const journal = newPath();
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const first = entity.createMany(leads, { journal });
  await sandbox.journal('create', 1);
  await assert.rejects(entity.createMany(leads, { journal }), { code: 'config', setting: 'journal' });
  await sandbox.release('gate');
  assert.ok((await first).every(({ ok }) => ok));
});

test('an invalid journal is an error before anything is sent', async () => {
  const { accounts, leads: entity } = new Client(sandbox.settings);
  const journal = newPath();
  await entity.createMany(leads, { journal });
  const expected = { name: 'ConfigError', setting: 'journal', outcome: 'not_sent' };
  await assert.rejects(accounts.createMany([], { journal }), expected);
  await assert.rejects(entity.deleteMany([], { journal }), expected);
  for (const path of /** @type {any[]} */ ([join(folder, 'no', 'folder'), folder, '', 5])) {
    await assert.rejects(entity.createMany([], { journal: path }), expected);
  }
  const reading = /** @type {any} */ ({ journal: newPath(), key: 'formKey' });
  await assert.rejects(entity.getMany([], /** @type {any} */ ({ journal: newPath() })), expected);
  await assert.rejects(entity.planUpsert([], reading), expected);
});
