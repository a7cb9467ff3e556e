/** Iterators that were consumed throw when they are read again, and a closed client returns no record of a page in memory. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset({ seed: { entities: { Account: [{ id: 1 }, { id: 2 }, { id: 3 }] } } }));

/** @type {Record<string, (accounts: Client['accounts']) => AsyncIterableIterator<unknown>>} */
const once = {
  records: (accounts) => accounts.list()[Symbol.asyncIterator](),
  pages: (accounts) => accounts.list().pages(),
  rows: (accounts) => accounts.streamGetMany([1, 2, 3]),
};

for (const [what, open] of Object.entries(once)) {
  test(`a second loop over ${what} that were read to the end is an error`, async () => {
    const client = new Client(sandbox.settings);
    const iterator = open(client.accounts);
    await iterator.next();
    for await (const _ of iterator); // continues after the first one
    assert.equal((await iterator.next()).done, true);
    await assert.rejects(async () => {
      for await (const _ of iterator);
    }, /^ConfigError: .* read to the end/);
  });

  test(`a second loop over ${what} after a loop was left is an error`, async () => {
    const client = new Client(sandbox.settings);
    const iterator = open(client.accounts);
    for await (const _ of iterator) {
      break;
    }
    assert.throws(() => iterator[Symbol.asyncIterator](), { name: 'ConfigError', code: 'config' });
  });
}

test('an iterator that has failed fails again, and so does a step that waits beside the one that fails', async () => {
  const { accounts } = new Client({ ...sandbox.settings, pageSize: 1, pageOverlap: 0, prefetch: 0 });
  for (const what of ['records', 'pages']) {
    await sandbox.fault({ on: { action: 'list' }, skip: 1, times: 1, response: { status: 403 } });
    const iterator = /** @type {NonNullable<typeof once[string]>} */ (once[what])(accounts);
    await iterator.next();
    for (const step of await Promise.allSettled([iterator.next(), iterator.next()])) {
      assert.equal(step.status, 'rejected', 'an end would look as if the list were complete');
    }
    await assert.rejects(async () => {
      for await (const _ of iterator);
    }, /^PermissionError/);
  }
});

test('a list itself can be read again', async () => {
  const list = new Client(sandbox.settings).accounts.list();
  for (let time = 0; time < 2; time += 1) {
    const ids = [];
    for await (const { id } of list) {
      ids.push(id);
    }
    assert.deepEqual(ids, [1, 2, 3]);
  }
});

test('a closed client returns no record of a page in memory', async () => {
  const client = new Client(sandbox.settings);
  const records = client.accounts.list()[Symbol.asyncIterator]();
  await records.next();
  await client.close();
  await assert.rejects(records.next(), { name: 'ConfigError' });
});
