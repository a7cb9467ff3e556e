/** Upserts: their options and results. The suite tests the rules. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ seed: 'empty' }));

const account = { nip: '5250001009', name: 'Żubr', city: 'Kraków' };

test('a record is created, left unchanged, and updated', async () => {
  const { upsert, get } = new Client(sandbox.settings).accounts;
  const { id, ...created } = await upsert(account, { key: 'nip' });
  assert.deepEqual(created, { change: 'created', fields: [], duplicates: [] });
  const same = await upsert({ ...account, city: undefined }, { key: ['nip'], settleMs: 100 });
  assert.deepEqual(same, { id, change: 'unchanged', fields: [], duplicates: [] });
  const updated = await upsert({ ...account, city: 'Łódź' }, { key: 'nip', lookup: 'scan' });
  assert.deepEqual(updated, { id, change: 'updated', fields: ['city'], duplicates: [] });
  assert.equal((await get(id)).city, 'Łódź');
});

test('large ids of duplicates keep their digits', async () => {
  const ids = [1152921504606846977n, 1152921504606846978n];
  const records = ids.map((id) => `{"id": ${id}, "nip": "5250001009"}`);
  for (const integers of /** @type {const} */ (['bigint', 'string'])) {
    const body = `[${records}]`;
    await sandbox.fault({ on: { action: 'list' }, response: { status: 200, body } });
    const { accounts } = new Client({ ...sandbox.settings, integers });
    const duplicates = integers === 'bigint' ? ids : ids.map(String);
    assert.deepEqual(await accounts.upsert(account, { key: 'nip' }), {
      id: duplicates[0],
      change: 'ambiguous',
      fields: [],
      duplicates,
    });
  }
});

test('numbers are sent and compared with all digits', async () => {
  const { upsert } = new Client(sandbox.settings).accounts;
  const record = { nip: '5250001009', name: 'Żubr', limit: 9007199254740993n };
  const { id } = await upsert(record, { key: 'nip' });
  assert.deepEqual(await upsert({ ...record, limit: 9007199254740992n }, { key: 'nip' }), {
    id,
    change: 'updated',
    fields: ['limit'],
    duplicates: [],
  });
});

for (const [setting, options] of /** @type {[string, any][]} */ ([
  ['key', {}],
  ['key', { key: 'tax' }],
  ['lookup', { key: 'nip', lookup: 'guess' }],
  ['settleMs', { key: 'nip', settleMs: -1 }],
  ['keys', { key: 'nip', keys: ['nip'] }],
  ['options', undefined],
])) {
  test(`${JSON.stringify(options)} is a ConfigError about ${setting}`, async () => {
    const { accounts } = new Client(sandbox.settings);
    await assert.rejects(accounts.upsert(account, options), { code: 'config', setting, outcome: 'not_sent' });
  });
}

test('a signal cancels an upsert', async () => {
  const { accounts } = new Client(sandbox.settings);
  const aborted = { key: 'nip', signal: AbortSignal.abort('enough') };
  await assert.rejects(accounts.upsert(account, aborted), { code: 'cancelled', cause: 'enough' });
  await accounts.create(account);
  await sandbox.fault({ on: { action: 'update' }, hold: 'slow' });
  const controller = new AbortController();
  const options = { key: 'nip', signal: controller.signal, headers: { 'X-Import': '1' } };
  const call = accounts.upsert({ ...account, city: 'Łódź' }, options);
  const [update] = await sandbox.journal('update', 1);
  assert.equal(update?.headers['x-import'], '1');
  assert.deepEqual(update?.json, { id: 1, city: 'Łódź' });
  controller.abort();
  await assert.rejects(call, { code: 'cancelled' });
});
