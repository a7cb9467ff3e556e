/** Lists: ways to read one. The shared suite tests paging. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ records: { Offer: 12 } }));

test('records, pages and an array have the same records', async () => {
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

test('filters, sort and order are sent to the server', async () => {
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

test('an empty filter is an error, not omitted', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const empty of [undefined, null, '', ' ', [], [undefined]]) {
    const filters = /** @type {any} */ ({ city: empty });
    for (const form of [filters, new Map(Object.entries(filters))]) {
      await assert.rejects(accounts.list({ filters: form }).first(), { name: 'ConfigError', setting: 'city' });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('several values of a filter match any of them', async () => {
  const list = new Client(sandbox.settings).entity('Offer').list({ filters: { id: [3, 5] } });
  assert.deepEqual(
    (await list.toArray()).map(({ id }) => id),
    [3, 5],
  );
});

test('the error for an option of other libraries suggests the right one', () => {
  const { accounts } = new Client(sandbox.settings);
  const mistakes = { orderBy: 'sort', perPage: 'pageSize', where: 'filters', page: 'start' };
  for (const [name, meant] of Object.entries(mistakes)) {
    assert.throws(() => accounts.list(/** @type {any} */ ({ [name]: 1 })), {
      name: 'ConfigError',
      setting: name,
      message: new RegExp(`unknown option \`${name}\`: did you mean \`${meant}\`\\?`),
    });
  }
});

test('the error for a setting among the options of a call says where it belongs', async () => {
  const { accounts } = new Client(sandbox.settings);
  const hints = {
    prefetch: 'it is a setting; pass it to `withOptions` of the client or the entity',
    pageOverlap: 'it is a setting; pass it to `withOptions` of the client or the entity',
    caFile: 'it is a setting; pass it when you create the client',
    timeout: 'did you mean `timeoutMs`? expected one of ',
    max_retries: 'did you mean `maxRetries`? expected one of ',
  };
  for (const [name, hint] of Object.entries(hints)) {
    const options = /** @type {any} */ ({ [name]: 1 });
    /** @param {any} error */
    const isExplained = (error) => {
      assert.equal(error.name, 'ConfigError');
      assert.equal(error.setting, name);
      assert.ok(error.message.includes(`unknown option \`${name}\`: ${hint}`), error.message);
      return true;
    };
    assert.throws(() => accounts.list(options), isExplained);
    await assert.rejects(async () => accounts.get(1, options), isExplained);
  }
});

test('each iteration reads a list from its start', async () => {
  const offers = new Client(sandbox.settings).entity('Offer').list();
  for (let time = 0; time < 2; time++) {
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

test('limit and start select a range of a list', async () => {
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

test('an invalid limit or start is an error however the list is read', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const invalid of [{ limit: -1 }, { limit: 1.5 }, { limit: '7' }, { start: true }, { start: -1 }]) {
    const list = accounts.list(/** @type {any} */ (invalid));
    for (const read of [list.first(), list.exists(), list.total(), list.count(), list.toArray(), list.pages().next()]) {
      await assert.rejects(read, { name: 'ConfigError', setting: Object.keys(invalid)[0], outcome: 'not_sent' });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('a limit ends the requests, and limits the page size', async () => {
  const offers = new Client(sandbox.settings).entity('Offer');
  assert.equal((await offers.list().toArray({ limit: 7 })).length, 7);
  assert.equal((await offers.list({ pageSize: 5 }).toArray({ limit: 7 })).length, 7);
  assert.deepEqual(await offers.list().toArray({ limit: 0 }), []);
  assert.equal((await offers.list().toArray({ limit: 100 })).length, 12);
  const requested = (await sandbox.journal('list')).map(({ query }) => [query.max, query.offset]);
  assert.deepEqual(requested.slice(0, 3), [
    ['7', '0'],
    ['5', '0'],
    ['3', '4'],
  ]);
  assert.equal((await offers.list({ limit: 3 }).toArray({ limit: 5 })).length, 3, 'a range is not read beyond its end');
  for (const limit of [-1, 1.5, /** @type {any} */ ('7')]) {
    await assert.rejects(offers.list().toArray({ limit }), { name: 'ConfigError', setting: 'limit' });
  }
});

test('exists, total and count request one record only', async () => {
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

test('without a total of the server, count reads the list', async () => {
  assert.equal(await new Client(sandbox.settings).entity('Offer').list({ pageSize: 5 }).count(), 12);
});

test('first, exists, total and count can be cancelled', async () => {
  const client = new Client(sandbox.settings);
  const list = client.entity('Offer').list({ signal: AbortSignal.abort('enough') });
  for (const call of [list.first(), list.exists(), list.total(), list.count()]) {
    await assert.rejects(call, { name: 'CancelledError', cause: 'enough' });
  }
});

test('a list returns no record after an abort', async () => {
  await sandbox.reset({ records: { Offer: 1000 } });
  const client = new Client(sandbox.settings);
  for (const each of ['records', 'pages']) {
    const controller = new AbortController();
    const list = client.entity('Offer').list({ pageSize: 1000, signal: controller.signal });
    let count = 0;
    const read = async () => {
      for await (const _ of each === 'records' ? list : list.pages()) {
        count += 1;
        controller.abort('enough');
      }
    };
    await assert.rejects(read(), { name: 'CancelledError', cause: 'enough' });
    assert.equal(count, 1);
  }
});

test('total returns the number of the server', async () => {
  const client = new Client(sandbox.settings);
  assert.equal(await client.entity('Offer').list().total(), undefined);
  await sandbox.reset({ records: { Offer: 12 }, config: { listForm: 'rows', totalKey: 'total' } });
  assert.equal(await client.entity('Offer').list({ pageSize: 5 }).total(), 12);
  assert.equal((await sandbox.journal('list', 1))[0]?.query.max, '1');
  assert.equal(await client.entity('Nothing').list().total(), 0);
});

test('a stream of the records reads no more than it needs', async () => {
  await sandbox.reset({ records: { Offer: 200 } });
  const client = new Client({ ...sandbox.settings, prefetch: 0 });
  const stream = Readable.from(client.entity('Offer').list({ pageSize: 10 }), { highWaterMark: 4 });
  const [first] = await once(stream, 'data');
  stream.pause();
  await new Promise(setImmediate);
  assert.equal(first.id, 1);
  const pages = (await sandbox.journal('list')).length;
  assert.ok(pages <= 2, `${pages} pages for one record`);
  stream.destroy();
  await once(stream, 'close');
  assert.equal((await sandbox.journal('list')).length, pages);
});

test('concurrent calls of next() return the records in order', async () => {
  const records = new Client(sandbox.settings).entity('Offer').list({ pageSize: 5 })[Symbol.asyncIterator]();
  const steps = await Promise.all(Array.from({ length: 14 }, () => records.next()));
  assert.deepEqual(
    steps.map(({ done, value }) => (done ? 'end' : value.id)),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 'end', 'end'],
  );
});

test('the event loop is not blocked while a large page is read', async () => {
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
      turn(); // from here on all records are in memory
    }
  }
  reading = false;
  assert.equal(seen, 20_000);
  assert.ok(turns > 10, `${turns} turns`);
});

test('an invalid page size is an error however the list is read', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const pageSize of [0, 1.5, -1]) {
    const list = accounts.list({ pageSize });
    for (const read of [list.first(), list.toArray(), list.pages().next()]) {
      await assert.rejects(read, { name: 'ConfigError', setting: /^page_?[sS]ize$/, outcome: 'not_sent' });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});
