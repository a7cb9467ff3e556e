/** Lists: the ways to read one. What pages a server gives is the suite's matter. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ records: { Offer: 12 } }));

test('records, pages, an array: the same list each time', async () => {
  const offers = new Client({ ...sandbox.settings, pageOverlap: 0 }).entity('Offer').list({ pageSize: 5 });
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

test('filters, sort and order reach the server', async () => {
  const accounts = new Client(sandbox.settings).accounts;
  await accounts
    .list({ filters: { city: 'Łódź', since: new Date(0), n: 2n ** 64n }, sort: 'name', order: 'desc' })
    .first();
  const query = (await sandbox.journal('list', 1))[0]?.query;
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

test('an empty filter is refused, never left out', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const empty of [undefined, null, '', ' ', [], [undefined]]) {
    const filters = /** @type {any} */ ({ city: empty });
    for (const given of [filters, new Map(Object.entries(filters))]) {
      await assert.rejects(accounts.list({ filters: given }).first(), { name: 'ConfigError', setting: 'city' });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('several values of a filter mean any of them', async () => {
  const list = new Client(sandbox.settings).entity('Offer').list({ filters: { id: [3, 5] } });
  assert.deepEqual(
    (await list.toArray()).map(({ id }) => id),
    [3, 5],
  );
});

test('an option of other libraries is refused with the one that is meant', () => {
  const { accounts } = new Client(sandbox.settings);
  const mistakes = { orderBy: 'sort', perPage: 'pageSize', where: 'filters', page: 'start' };
  for (const [wrong, meant] of Object.entries(mistakes)) {
    assert.throws(() => accounts.list(/** @type {any} */ ({ [wrong]: 1 })), {
      name: 'ConfigError',
      setting: wrong,
      message: new RegExp(`unknown option \`${wrong}\`: did you mean \`${meant}\`\\?`),
    });
  }
});

test('a list can be iterated again and starts over', async () => {
  const offers = new Client(sandbox.settings).entity('Offer').list();
  for (let turn = 0; turn < 2; turn++) {
    let count = 0;
    for await (const _ of offers) {
      count += 1;
    }
    assert.equal(count, 12);
  }
});

test('the first record of an empty list is undefined', async () => {
  assert.equal(await new Client(sandbox.settings).entity('Nothing').list().first(), undefined);
});

test('a limit and a start cut a range out of a list', async () => {
  const offers = new Client(sandbox.settings).entity('Offer');
  /** @param {import('egito').ListOptions} options */
  const ids = async (options) => (await offers.list({ pageSize: 3, ...options }).toArray()).map(({ id }) => id);
  assert.deepEqual(await ids({ limit: 4 }), [1, 2, 3, 4]);
  assert.deepEqual(await ids({ start: 9 }), [10, 11, 12]);
  const parts = await Promise.all([0, 5, 10].map((start) => ids({ start, limit: 5 })));
  assert.deepEqual(parts.flat(), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  assert.deepEqual(await ids({ limit: 0 }), []);
  const pages = [];
  const apart = new Client({ ...sandbox.settings, pageOverlap: 0 }).entity('Offer');
  for await (const page of apart.list({ pageSize: 3, start: 2, limit: 4 }).pages()) {
    pages.push(page.map(({ id }) => id));
  }
  assert.deepEqual(pages, [[3, 4, 5], [6]]);
});

test('a limit or start that is no whole number is refused however the list is read', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const wrong of [{ limit: -1 }, { limit: 1.5 }, { limit: '7' }, { start: true }, { start: -1 }]) {
    const list = accounts.list(/** @type {any} */ (wrong));
    for (const read of [list.first(), list.exists(), list.total(), list.count(), list.toArray(), list.pages().next()]) {
      await assert.rejects(read, { name: 'ConfigError', setting: Object.keys(wrong)[0], outcome: 'not_sent' });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('a limit ends the requests, and no larger pages are asked for', async () => {
  const offers = new Client(sandbox.settings).entity('Offer');
  assert.equal((await offers.list().toArray({ limit: 7 })).length, 7);
  assert.equal((await offers.list({ pageSize: 5 }).toArray({ limit: 7 })).length, 7);
  assert.deepEqual(await offers.list().toArray({ limit: 0 }), []);
  assert.equal((await offers.list().toArray({ limit: 100 })).length, 12);
  const asked = (await sandbox.journal('list')).map(({ query }) => [query.max, query.offset]);
  assert.deepEqual(asked.slice(0, 3), [
    ['7', '0'],
    ['5', '0'],
    ['3', '4'],
  ]);
  assert.equal((await offers.list({ limit: 3 }).toArray({ limit: 5 })).length, 3, 'a range is not read beyond its end');
  for (const limit of [-1, 1.5, /** @type {any} */ ('7')]) {
    await assert.rejects(offers.list().toArray({ limit }), { name: 'ConfigError', setting: 'limit' });
  }
});

test('questions about a list ask for one record only', async () => {
  await sandbox.reset({ records: { Offer: 12 }, config: { listForm: 'rows', totalKey: 'total' } });
  const client = new Client(sandbox.settings);
  const offers = client.entity('Offer').list({ start: 10, limit: 5 });
  assert.deepEqual([await offers.exists(), await offers.total(), await offers.count()], [true, 12, 2]);
  const nothing = client.entity('Nothing').list();
  assert.deepEqual([await nothing.exists(), await nothing.total(), await nothing.count()], [false, 0, 0]);
  assert.deepEqual(
    (await sandbox.journal('list')).map(({ query }) => query.max),
    ['1', '2', '1', '1', '1', '1', '1'],
  );
});

test('where the server tells no total, a list is counted by reading it', async () => {
  assert.equal(await new Client(sandbox.settings).entity('Offer').list({ pageSize: 5 }).count(), 12);
});

test('a question can be given up', async () => {
  const client = new Client(sandbox.settings);
  const list = client.entity('Offer').list({ signal: AbortSignal.abort('enough') });
  for (const question of [list.first(), list.exists(), list.total(), list.count()]) {
    await assert.rejects(question, { name: 'CancelledError', cause: 'enough' });
  }
});

test('a list gives no record after its signal was aborted', async () => {
  await sandbox.reset({ records: { Offer: 1000 } });
  const client = new Client(sandbox.settings);
  for (const each of ['records', 'pages']) {
    const controller = new AbortController();
    const list = client.entity('Offer').list({ pageSize: 1000, signal: controller.signal });
    let given = 0;
    const read = async () => {
      for await (const _ of each === 'records' ? list : list.pages()) {
        given += 1;
        controller.abort('enough');
      }
    };
    await assert.rejects(read(), { name: 'CancelledError', cause: 'enough' });
    assert.equal(given, 1);
  }
});

test('the total is what the server tells', async () => {
  const client = new Client(sandbox.settings);
  assert.equal(await client.entity('Offer').list().total(), undefined);
  await sandbox.reset({ records: { Offer: 12 }, config: { listForm: 'rows', totalKey: 'total' } });
  assert.equal(await client.entity('Offer').list({ pageSize: 5 }).total(), 12);
  assert.equal((await sandbox.journal('list', 1))[0]?.query.max, '1');
  assert.equal(await client.entity('Nothing').list().total(), 0);
});

test('a stream of the records reads no further than is wanted', async () => {
  await sandbox.reset({ records: { Offer: 200 } });
  const client = new Client({ ...sandbox.settings, prefetch: 0 });
  const stream = Readable.from(client.entity('Offer').list({ pageSize: 10 }), { highWaterMark: 4 });
  const [first] = await once(stream, 'data');
  stream.pause();
  await new Promise(setImmediate);
  assert.equal(first.id, 1);
  const asked = (await sandbox.journal('list')).length;
  assert.ok(asked <= 2, `${asked} pages for one record`);
  stream.destroy();
  await once(stream, 'close');
  assert.equal((await sandbox.journal('list')).length, asked);
});

test('records may be asked for before the last one is there', async () => {
  const records = new Client(sandbox.settings).entity('Offer').list({ pageSize: 5 })[Symbol.asyncIterator]();
  const steps = await Promise.all(Array.from({ length: 14 }, () => records.next()));
  assert.deepEqual(
    steps.map(({ done, value }) => (done ? 'end' : value.id)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 'end', 'end'],
  );
});

test('the event loop turns while a large page is read', async () => {
  await sandbox.reset({ records: { Offer: 20_000 } });
  const list = new Client(sandbox.settings).entity('Offer').list({ pageSize: 20_000 });
  let turns = 0;
  let reading = true;
  function turn() {
    turns += 1;
    if (reading) {
      setImmediate(turn);
    }
  }
  let seen = 0;
  for await (const _ of list) {
    if (seen++ === 0) {
      turn(); // from here on everything is at hand
    }
  }
  reading = false;
  assert.equal(seen, 20_000);
  assert.ok(turns > 10, `${turns} turns`);
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
