/** Upsert bulks: their options, inputs and rows. The suite tests the rules. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client, ConfigError, parse, stringify, ValidationError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
const stored = [
  { id: 10, nip: '5250001009', name: 'Żubr', city: 'Kraków' },
  { id: 20, nip: '6762484560', name: 'Ryś', city: 'Łódź' },
  { id: 30, nip: '7010001453', name: 'Bóbr' },
  { id: 31, nip: '7010001453', name: 'Bóbr Bis' },
];
beforeEach(() => sandbox.reset({ seed: { entities: { Account: stored } } }));

const inputs = [
  { nip: '5250001009', name: 'Żubr', city: 'Opole' },
  { nip: '6762484560', city: 'Łódź' },
  { nip: '7010001453', name: 'Bóbr' },
  { nip: '5252344078', name: 'Żak' },
  { nip: '5250001009', name: 'Żubr' },
  { nip: '1132191233' },
];

test('rows say what was done, and have their inputs', async () => {
  const { accounts } = new Client(sandbox.settings);
  const progress = /** @type {any[]} */ ([]);
  const onProgress = (/** @type {any} */ { done, failed }) => progress.push([done, failed]);
  const rows = await accounts.upsertMany(inputs, { key: 'nip', concurrency: 1, onProgress });
  assert.ok(rows.every((row, index) => row.input === inputs[index] && row.index === index));
  const [updated, unchanged, ambiguous, created, twice, invalid] = rows.map(({ input: _, ...row }) => row);
  const done = { ok: true, fields: [], duplicates: [], resumed: false };
  assert.deepEqual(updated, { ...done, index: 0, id: 10, change: 'updated', fields: ['city'] });
  assert.deepEqual(unchanged, { ...done, index: 1, id: 20, change: 'unchanged' });
  assert.deepEqual(ambiguous, { ...done, index: 2, id: 30, change: 'ambiguous', duplicates: [30, 31] });
  assert.deepEqual(created, { ...done, index: 3, id: created?.id, change: 'created' });
  assert.ok(twice?.error instanceof ConfigError && twice.error.setting === 'key');
  assert.ok(invalid?.error instanceof ValidationError);
  assert.deepEqual(Object.keys(invalid), ['ok', 'index', 'error', 'resumed']);
  assert.deepEqual(progress.at(-1), [6, 2]);
  assert.equal((await accounts.get(/** @type {any} */ (created?.id))).name, 'Żak');
});

test('a stream reads its inputs as they are needed, and can be left', async () => {
  const { accounts } = new Client(sandbox.settings);
  let taken = 0;
  async function* endless() {
    for (;;) {
      taken += 1;
      yield { nip: `${5252344000 + taken}`, name: `Firma ${taken}` };
    }
  }
  const rows = accounts.streamUpsertMany(endless(), { key: 'nip', lookup: 'scan', concurrency: 2 });
  assert.equal(taken, 0);
  for await (const row of rows) {
    assert.equal(row.change, 'created');
    break;
  }
  const rest = await rows.rest();
  assert.equal(rest.length, taken - 1);
  assert.ok(rest.length <= 4);
});

test('a plan writes nothing, and can be saved and applied', async () => {
  const { accounts } = new Client(sandbox.settings);
  const plan = await accounts.planUpsert(inputs.slice(0, 4), { key: 'nip' });
  assert.deepEqual(
    plan.map(({ id, change, record }) => [id, change, record]),
    [
      [10, 'updated', { city: 'Opole' }],
      [20, 'unchanged', undefined],
      [30, 'ambiguous', undefined],
      [undefined, 'created', inputs[3]],
    ],
  );
  assert.deepEqual([await sandbox.journal('create'), await sandbox.journal('update')], [[], []]);
  const saved = parse(stringify(plan));
  saved[1].id = 20n;
  saved[1].record = null;
  const rows = await accounts.applyUpsert(saved, { key: 'nip' });
  assert.deepEqual(
    rows.map(({ id, change, fields, input }, index) => [id, change, fields, input === saved[index]]),
    [
      [10, 'updated', ['city'], true],
      [20, 'unchanged', [], true],
      [30, 'ambiguous', [], true],
      [rows[3]?.id, 'created', [], true],
    ],
  );
  const [update] = await sandbox.journal('update');
  assert.deepEqual(update?.json, { id: 10, city: 'Opole' });
  const [again] = await accounts.applyUpsert([/** @type {any} */ (plan[3])], { key: 'nip' });
  assert.equal(again?.id, rows[3]?.id);
  assert.equal((await sandbox.journal('create')).length, 1);
});

test('a plan is applied only to its entity and key', async () => {
  const { accounts, contacts } = new Client(sandbox.settings);
  const plan = await accounts.planUpsert(inputs.slice(0, 1), { key: 'nip' });
  assert.equal(plan[0]?.plannedFor, 'Account(nip)');
  const foreign = [
    ...(await accounts.applyUpsert(plan, { key: 'name' })),
    ...(await contacts.applyUpsert(/** @type {any} */ (plan), { key: 'nip' })),
  ];
  for (const { error } of foreign) {
    assert.equal(error?.setting, 'change');
    assert.match(error.message, /got one for Account\(nip\)/);
  }
});

test('a plan row that failed or is invalid has an error, and is not sent', async () => {
  const { accounts } = new Client(sandbox.settings);
  const failed = await accounts.planUpsert([{ name: 'Żubr' }], { key: 'nip' });
  assert.ok(failed[0]?.error instanceof ConfigError);
  const invalid = /** @type {any[]} */ ([...failed, undefined, [10, {}], { change: 'renamed' }, { change: 7 }]);
  const rows = await accounts.applyUpsert(invalid, { key: 'nip' });
  assert.ok(rows.every(({ error }) => error instanceof ConfigError && error.outcome === 'not_sent'));
  assert.deepEqual([await sandbox.journal('create'), await sandbox.journal('update')], [[], []]);
});

test('a bulk of creates with a key finds a record whose response was lost', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, cut: 'after' });
  const input = { lastName: 'Ryś', formKey: 'f-1' };
  const rows = await leads.createMany([input], { key: 'formKey', settleMs: 2_000 });
  assert.deepEqual(rows, [
    { ok: true, index: 0, input, id: 1, change: 'created', fields: [], duplicates: [], resumed: false },
  ]);
  assert.equal(await leads.list().count(), 1);
});

test('invalid options are errors before anything is sent', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const [setting, options] of /** @type {[string, any][]} */ ([
    ['key', {}],
    ['lookup', { key: 'nip', lookup: 'guess' }],
    ['settleMs', { key: 'nip', settleMs: -1 }],
    ['concurrency', { key: 'nip', concurrency: 0 }],
    ['settle', { key: 'nip', settle: 1 }],
    ['options', undefined],
  ])) {
    const expected = { name: 'ConfigError', setting, outcome: 'not_sent' };
    for (const method of /** @type {const} */ (['upsertMany', 'planUpsert', 'applyUpsert'])) {
      await assert.rejects(accounts[method]([], options), expected);
    }
    assert.throws(() => accounts.streamUpsertMany([], options), expected);
  }
  const keyed = /** @type {any} */ ({ key: 'nip' });
  await assert.rejects(accounts.deleteMany([1], keyed), { setting: 'key' });
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('an abort ends the bulk with the rows known by then', async () => {
  const { accounts } = new Client(sandbox.settings);
  const controller = new AbortController();
  await sandbox.fault({ on: { action: 'update' }, hold: 'gate' });
  async function* stuck() {
    yield* inputs.slice(0, 2);
    await new Promise(() => {});
  }
  const call = accounts.upsertMany(stuck(), { key: 'nip', signal: controller.signal, cancelGraceMs: 0 });
  await sandbox.journal('update', 1);
  controller.abort('enough');
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.deepEqual([error.code, error.cause, error.rows.length], ['cancelled', 'enough', 2]);
    assert.equal(error.rows[0].error.outcome, 'unknown');
    return true;
  });
});
