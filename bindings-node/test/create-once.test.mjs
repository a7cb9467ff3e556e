/** `createOnce`: its options and its result. The suite tests the rules. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

const lead = { lastName: 'Ryś', formKey: 'f-1' };

test('a lead is created once, also by simultaneous calls', async () => {
  const { createOnce } = new Client(sandbox.settings).leads;
  const leads = await Promise.all(Array.from({ length: 8 }, () => createOnce(lead, { key: 'formKey' })));
  assert.equal(leads.filter(({ created }) => created).length, 1);
  assert.deepEqual(new Set(leads.map(({ id }) => id)).size, 1);
  assert.deepEqual(await createOnce(lead, { key: ['formKey'], lookup: 'scan', settleMs: 100 }), {
    id: leads[0]?.id,
    created: false,
    duplicates: [],
  });
  assert.equal((await sandbox.journal('create')).length, 1);
});

test('a large id keeps its digits', async () => {
  for (const [integers, id] of /** @type {const} */ ([
    ['bigint', 1152921504606846977n],
    ['string', '1152921504606846977'],
  ])) {
    await sandbox.fault({ on: { action: 'create' }, response: { status: 200, body: '{"id": 1152921504606846977}' } });
    const { leads } = new Client({ ...sandbox.settings, integers });
    assert.equal((await leads.createOnce(lead, { key: 'formKey' })).id, id);
  }
});

for (const [setting, options] of /** @type {[string, any][]} */ ([
  ['key', {}],
  ['key', { key: 7 }],
  ['key', { key: 'tax' }],
  ['lookup', { key: 'formKey', lookup: 'guess' }],
  ['settleMs', { key: 'formKey', settleMs: -1 }],
  ['settle', { key: 'formKey', settle: 10 }],
  ['options', undefined],
])) {
  test(`${JSON.stringify(options)} is a ConfigError about ${setting}`, async () => {
    const { leads } = new Client(sandbox.settings);
    await assert.rejects(leads.createOnce(lead, options), { code: 'config', setting, outcome: 'not_sent' });
  });
}

test('options of a call apply, and a signal cancels it', async () => {
  const { leads } = new Client(sandbox.settings);
  const aborted = { key: 'formKey', signal: AbortSignal.abort() };
  await assert.rejects(leads.createOnce(lead, aborted), { code: 'cancelled' });
  await sandbox.fault({ on: { action: 'create' }, hold: 'slow' });
  const controller = new AbortController();
  const call = leads.createOnce(lead, { key: 'formKey', signal: controller.signal, headers: { 'X-Form': '1' } });
  const [create] = await sandbox.journal('create', 1);
  assert.equal(create?.headers['x-form'], '1');
  controller.abort();
  await assert.rejects(call, { code: 'outcome_unknown' });
});
