/** Lists: the ways to read one. What pages a server gives is the suite's matter. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ records: { Offer: 12 } }));

test('records, pages, an array: the same list each time', async () => {
  const offers = new Client(sandbox.settings).entity('Offer').list({ pageSize: 5 });
  const records = [];
  for await (const offer of offers) {
    records.push(offer);
  }
  const pages = [];
  for await (const page of offers.pages()) {
    pages.push(page.length);
  }
  assert.equal(records.length, 12);
  assert.deepEqual(pages, [5, 5, 2]);
  assert.deepEqual(await offers.toArray(), records);
});

test('filters, sort and order reach the server, and what is undefined does not', async () => {
  const accounts = new Client(sandbox.settings).accounts;
  await accounts
    .list({ filters: { city: 'Łódź', since: new Date(0), x: undefined, n: 2n ** 64n }, sort: 'name', order: 'desc' })
    .first();
  const [{ query }] = await sandbox.journal('list', 1);
  assert.deepEqual(query, {
    city: 'Łódź',
    since: '1970-01-01T00:00:00.000Z',
    n: '18446744073709551616',
    sort: 'name',
    order: 'desc',
    max: '1',
    offset: '0',
  });
});

test('the first record of an empty list is undefined', async () => {
  assert.equal(await new Client(sandbox.settings).entity('Nothing').list().first(), undefined);
});

test('a wrong page size is refused however the list is read', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const pageSize of [0, 1.5, -1]) {
    const list = accounts.list({ pageSize });
    for (const read of [list.first(), list.toArray(), list.pages().next()]) {
      await assert.rejects(read, { name: 'ConfigError', setting: /^page_?[sS]ize$/, outcome: 'not_sent' });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});
