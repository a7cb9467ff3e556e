/** What gives its records or rows once says so when it is read again, and a closed client gives no record that was read before. */

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
  rows: (accounts) => accounts.getMany([1, 2, 3], { stream: true }),
};

for (const [what, begin] of Object.entries(once)) {
  test(`${what} that were read to their end refuse another loop`, async () => {
    const client = new Client(sandbox.settings);
    const iterator = begin(client.accounts);
    await iterator.next();
    for await (const _ of iterator); // goes on where it was
    assert.equal((await iterator.next()).done, true);
    await assert.rejects(async () => {
      for await (const _ of iterator);
    }, /^ConfigError: .* read to their end/);
  });

  test(`${what} of a loop that was left refuse another one`, async () => {
    const client = new Client(sandbox.settings);
    const iterator = begin(client.accounts);
    for await (const _ of iterator) {
      break;
    }
    assert.throws(() => iterator[Symbol.asyncIterator](), { name: 'ConfigError', code: 'config' });
  });
}

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

test('a closed client gives no record of the page in hand', async () => {
  const client = new Client(sandbox.settings);
  const records = client.accounts.list()[Symbol.asyncIterator]();
  await records.next();
  await client.close();
  await assert.rejects(records.next(), { name: 'ConfigError' });
});
