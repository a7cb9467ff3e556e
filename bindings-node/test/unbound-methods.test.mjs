/** Methods work without their object, as functions. */

import assert from 'node:assert/strict';
import { beforeEach, mock, test } from 'node:test';
import { Client, Entity } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('destructured methods work', async () => {
  const { accounts, entity, stats, close, dictionary, call } = new Client(sandbox.settings);
  const { create, get, update, list, getMany } = accounts;
  const id = await create({ name: 'Żubr' });
  await update(id, { city: 'Łódź' });
  const { toArray, first, pages } = list({ filters: { name: 'Żubr' } });
  assert.deepEqual([(await first())?.city, (await toArray()).length], ['Łódź', 1]);
  for await (const page of pages()) {
    assert.equal(page.length, 1);
  }
  assert.deepEqual(await Promise.all([id].map(async (one) => (await get(one)).name)), ['Żubr']);
  assert.equal((await getMany([id]))[0]?.ok, true);
  assert.equal((await entity('Account').get(id)).id, id);
  assert.ok((await dictionary('industry').toArray()).length > 0);
  assert.equal((await call('Account', 'get', { id }, { method: 'GET' })).id, id);
  assert.ok(stats().calls > 6);
  close();
  await assert.rejects(get(id), { setting: 'client' });
});

test('methods of iterators work without their object', async () => {
  const { accounts } = new Client(sandbox.settings);
  const names = ['Ryś', 'Żbik', 'Żubr'].map((name) => ({ name }));
  const { next, rest } = accounts.streamCreateMany(names, { concurrency: 1 });
  assert.equal((await next()).value?.index, 0);
  assert.ok((await rest()).every((row) => row.index > 0));
  const rows = accounts.streamCreateMany(names);
  assert.deepEqual(
    [await rows.return.call(undefined), await rows.next.call(undefined)],
    Array(2).fill({ done: true, value: undefined }),
  );
  const { next: nextRecord } = accounts.list()[Symbol.asyncIterator]();
  assert.equal((await nextRecord()).done, false);
});

test('fromEnv works without its class', (t) => {
  const { baseUrl, clientId, clientSecret, username, password } = sandbox.settings;
  const names = {
    BASE_URL: baseUrl,
    API_ID: clientId,
    API_SECRET: clientSecret,
    USERNAME: username,
    PASSWORD: password,
  };
  for (const [name, value] of Object.entries(names)) {
    process.env[`EGITO_${name}`] = value;
    t.after(() => delete process.env[`EGITO_${name}`]);
  }
  const { fromEnv } = /** @type {{ fromEnv: any }} */ (Client);
  assert.ok(fromEnv() instanceof Client);
});

test('subclasses and mocks take effect', async () => {
  class Mine extends Client {
    /** @override */
    stats() {
      return { ...super.stats(), calls: -1 };
    }
  }
  const { stats, accounts } = new Mine(sandbox.settings);
  assert.equal(stats().calls, -1);
  const own = mock.method(accounts, 'get', async () => ({ id: 'mine' }));
  assert.equal((await accounts.get(1)).id, 'mine');
  own.mock.restore();
  const every = mock.method(Entity.prototype, 'get', async () => ({ id: 'any' }));
  assert.equal((await accounts.get(1)).id, 'any');
  every.mock.restore();
  assert.equal((await accounts.get(1)).id, 1);
  assert.deepEqual(Object.keys(accounts), ['name']);
});
