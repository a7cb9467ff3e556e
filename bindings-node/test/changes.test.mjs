/** Changes, ids and deleted records: their options and results. The suite and the core test the rules. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { ChangeList, Client, RecordList } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
const stored = [
  { id: 1, name: 'Żubr', city: 'Kraków', lastUpdated: '2026-01-01T10:00:00Z' },
  { id: 2, name: 'Ryś', city: 'Łódź', lastUpdated: '2026-01-02T10:00:00Z' },
  { id: 3, name: 'Bóbr', city: 'Kraków', lastUpdated: '2026-01-02T10:00:00Z' },
];
beforeEach(() => sandbox.reset({ seed: { entities: { Account: stored } } }));

const idsOf = (/** @type {any[]} */ records) => records.map(({ id }) => id).sort();
const noMark = { name: 'ConfigError', setting: 'mark' };

test('each change is returned once, and the mark continues the list', async () => {
  const { changes, update, create } = new Client(sandbox.settings).accounts;
  const first = changes();
  assert.ok(first instanceof ChangeList && first instanceof RecordList);
  assert.throws(() => first.mark, noMark);
  assert.deepEqual(idsOf(await first.toArray()), [1, 2, 3]);
  const none = changes({ since: first.mark });
  assert.deepEqual(await none.toArray(), []);
  await update(1, { city: 'Opole' });
  const id = await create({ name: 'Wilk' });
  const second = changes({ since: none.mark, by: 'lastUpdated', lagMs: 60_000 });
  const pages = [];
  for await (const page of second.pages()) {
    pages.push(...page);
  }
  assert.deepEqual(idsOf(pages), [1, id]);
  assert.deepEqual(await changes({ since: second.mark }).toArray(), []);
});

test('there is no mark before the end of the list', async () => {
  const { changes } = new Client(sandbox.settings).accounts;
  const list = changes({ pageSize: 2 });
  for await (const _ of list) {
    assert.throws(() => list.mark, noMark);
    break;
  }
  assert.throws(() => list.mark, noMark);
  for await (const { value } of list.withResponse().pages()) {
    assert.ok(value.length > 0);
    assert.throws(() => list.mark, noMark);
  }
  assert.equal(typeof list.mark, 'string');
});

test('only a complete last read has a mark', async () => {
  const { changes } = new Client(sandbox.settings).accounts;
  const list = changes({ pageSize: 2 });
  assert.equal(await list.count(), 3);
  assert.throws(() => list.mark, noMark);
  const left = list[Symbol.asyncIterator]();
  await left.next();
  assert.equal((await list.toArray()).length, 3);
  const { mark } = list;
  while (!(await left.next()).done);
  assert.equal(list.mark, mark, 'that of an earlier read does not count');
  for await (const _ of list) {
    break;
  }
  assert.throws(() => list.mark, noMark);
});

test('filters and the field belong to the mark', async () => {
  const { changes } = new Client(sandbox.settings).accounts;
  const inKrakow = changes({ filters: { city: 'Kraków' }, since: null });
  assert.deepEqual(idsOf(await inKrakow.toArray()), [1, 3]);
  const since = inKrakow.mark;
  for (const options of [{ since }, { since, filters: { city: 'Łódź' } }, { since: 'yesterday' }]) {
    await assert.rejects(changes(options).toArray(), { code: 'config', setting: 'since' });
  }
});

test('invalid options are errors', async () => {
  const { changes, ids, deleted } = new Client(sandbox.settings).accounts;
  for (const [setting, options] of /** @type {[string, any][]} */ ([
    ['lagMs', { lagMs: -1 }],
    ['by', { by: '' }],
    ['pageSize', { pageSize: 1 }],
  ])) {
    await assert.rejects(changes(options).toArray(), { code: 'config', setting });
  }
  assert.throws(() => changes(/** @type {any} */ ({ sort: 'id' })), { code: 'config', setting: 'sort' });
  assert.throws(() => changes({ filters: /** @type {any} */ ({ city: undefined }) }).mark, noMark);
  await assert.rejects(changes({ filters: /** @type {any} */ ({ city: undefined }) }).toArray(), { code: 'config' });
  await assert.rejects(ids(/** @type {any} */ ({ since: 'x' })), { code: 'config', setting: 'since' });
  for (const invalid of /** @type {any[]} */ ([undefined, 5, '12', Promise.resolve([])])) {
    await assert.rejects(deleted(invalid), { code: 'config', setting: 'ids' });
  }
  await assert.rejects(deleted([1.5]), { code: 'config', setting: 'id' });
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('ids and deleted records', async () => {
  const { ids, deleted, delete: remove } = new Client(sandbox.settings).accounts;
  assert.deepEqual(await ids(), [1, 2, 3]);
  await remove(2);
  assert.deepEqual(await ids({ timeoutMs: 10_000 }), [1, 3]);
  const known = new Map([1, 2, 3, 7].map((id) => [id, {}]));
  assert.deepEqual((await deleted(known.keys())).sort(), [2, 7]);
  assert.deepEqual(await deleted([]), []);
});

test('ids keep their digits and types', async () => {
  const id = 1152921504606846977n;
  await sandbox.fault({ on: { action: 'list' }, times: 0, response: { status: 200, body: `[{"id": ${id}}]` } });
  assert.deepEqual(await new Client(sandbox.settings).accounts.ids(), [id]);
  const strings = new Client({ ...sandbox.settings, integers: 'string' });
  assert.deepEqual(await strings.accounts.ids(), [`${id}`]);
  const others = Array.from({ length: 100 }, (_, index) => id + 1n + BigInt(index));
  const { deleted } = new Client(sandbox.settings).accounts;
  assert.deepEqual(await deleted([id, ...others, 'a-b', id]), [...others, 'a-b']);
});

test('a signal cancels them', async () => {
  const { accounts } = new Client(sandbox.settings);
  const signal = AbortSignal.abort('enough');
  const cancelled = { code: 'cancelled', cause: 'enough' };
  await assert.rejects(accounts.changes({ signal }).toArray(), cancelled);
  await assert.rejects(accounts.ids({ signal }), cancelled);
  await assert.rejects(accounts.deleted([1], { signal }), cancelled);
});
