/** Values keep their value on the way out and back in. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Client, ConfigError, parse, stringify } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('integers of any size survive the server', async () => {
  const client = new Client(sandbox.settings);
  const numbers = [2n ** 53n, -(2n ** 64n), 12345678901234567890123n, 2 ** 53 - 1, 0.1, 1e21, 5e-324];
  const id = await client.accounts.create({ name: 'Żubr', numbers });
  assert.deepEqual((await client.accounts.get(id)).numbers, numbers);
  assert.deepEqual((await client.accounts.list({ sort: 'id', order: 'desc' }).first())?.numbers, numbers);
});

test('integers beyond 2^53 are texts where the client says so, wherever they stand', async () => {
  const client = new Client({ ...sandbox.settings, integers: 'string' });
  for (let before = 0; before < 20; before++) {
    const json = { text: 'x'.repeat(before), safe: 2 ** 53 - 1, big: 2n ** 53n, twin: '9007199254740992' };
    const id = await client.accounts.create({ name: 'Żubr', ...json });
    const { safe, big, twin } = await client.accounts.get(id);
    assert.deepEqual([safe, big, twin], [2 ** 53 - 1, '9007199254740992', '9007199254740992']);
    assert.equal(parse(stringify(json)).big, 2n ** 53n);
  }
  const integers = /** @type {any} */ ('number');
  assert.throws(() => new Client({ ...sandbox.settings, integers }), { name: 'ConfigError', setting: 'integers' });
});

test('a Map is written as an object, and what has a toJSON as it wishes', async () => {
  const { accounts } = new Client(sandbox.settings);
  const own = { toJSON: () => ({ city: 'Łódź' }) };
  const record = new Map(Object.entries({ name: 'Żubr', more: new Map([['__proto__', 1n]]), own }));
  const read = await accounts.get(await accounts.create(/** @type {any} */ (record)));
  assert.deepEqual([read.name, read.own], ['Żubr', { city: 'Łódź' }]);
  assert.deepEqual(Object.entries(read.more), [['__proto__', 1]]);
});

test('a flat record is written as JSON.stringify would, and watched all the same', () => {
  const flat = { text: 'Żubr "A"', truth: true, none: null, missing: undefined, price: 0.1 };
  assert.equal(stringify(flat), JSON.stringify(flat));
  assert.equal(stringify({ price: -0 }), '{"price":-0}');
  assert.throws(() => stringify({ price: Number.NaN }), ConfigError);
  assert.throws(
    () =>
      stringify({
        get price() {
          return Number.NaN;
        },
      }),
    ConfigError,
  );
});

test('decimals are exact texts where the settings say so', async () => {
  const client = new Client({ ...sandbox.settings, decimals: 'string' });
  const id = await client.accounts.create({ name: 'Żubr', price: 0.1, size: 7 });
  const { price, size } = await client.accounts.get(id);
  assert.deepEqual([price, size], ['0.1', 7]);
});

test('fields that JSON has not are dropped, and dates are written', async () => {
  const client = new Client(sandbox.settings);
  const date = new Date('2026-11-23T22:00:00Z');
  const id = await client.accounts.create({ name: 'Żubr', since: date, phone: undefined, run: () => 1 });
  const record = await client.accounts.get(id);
  assert.equal(record.since, date.toJSON());
  assert.ok(!('phone' in record) && !('run' in record));
});

test('dangerous names are fields and nothing more', () => {
  const json = '{"__proto__":{"admin":9007199254740993},"constructor":{"prototype":1}}';
  const record = parse(json);
  assert.equal(Object.getPrototypeOf(record), Object.prototype);
  assert.equal(record.admin, undefined);
  assert.deepEqual(Object.keys(record), ['__proto__', 'constructor']);
  assert.equal(stringify(record), json);
});

test('parse and stringify are exact at any depth and in any text', () => {
  const deep = `${'['.repeat(50_000)}9007199254740993${']'.repeat(50_000)}`;
  let value = parse(deep);
  while (Array.isArray(value)) {
    value = value[0];
  }
  assert.equal(value, 9007199254740993n);
  for (const json of [
    '-9007199254740993',
    '"9007199254740993"',
    '-0',
    '{"9007199254740993":"\\"12345678901234567890"}',
  ]) {
    assert.equal(stringify(parse(json)), json);
  }
  assert.throws(() => parse('{'), SyntaxError);
});

test('a bigint is written as an integer even where a program gave it a toJSON', (t) => {
  Object.assign(BigInt.prototype, { toJSON: () => 'a text' });
  t.after(() => Reflect.deleteProperty(BigInt.prototype, 'toJSON'));
  assert.equal(stringify({ id: 2n ** 64n }), '{"id":18446744073709551616}');
  Object.assign(BigInt.prototype, { toJSON: () => 0 });
  assert.equal(stringify({ a: 0n, b: Object(0n) }), '{"a":0,"b":0}');
});

test('a bigint is written wherever it comes from', () => {
  const money = { toJSON: () => 2n ** 64n };
  assert.equal(stringify([money, Object(5n), { a: Object(-0n) }]), '[18446744073709551616,5,{"a":0}]');
});

test('half of a surrogate pair is refused, by its place, and never changed', async () => {
  const client = new Client(sandbox.settings);
  const half = 'a\ud800b';
  /** @type {[any, RegExp][]} */
  const records = [
    [{ name: half }, /^`record\.name` is no text: it has half of a surrogate pair/],
    [{ a: [{ [half]: 1 }] }, /^`record\.a\[0\]\.a.b` is no text/],
    [{ [half]: 1 }, /is no text/],
  ];
  for (const [record, message] of records) {
    await assert.rejects(client.accounts.create(record), { name: 'ConfigError', setting: 'record', message });
  }
  await assert.rejects(client.accounts.get(half), { name: 'ConfigError', setting: 'id' });
  await assert.rejects(client.accounts.call(half), { name: 'ConfigError', setting: 'action' });
  assert.throws(() => parse(`"${half}"`), { name: 'ConfigError', setting: 'json' });
  assert.equal(parse('"\\ud800"'), '\ud800', 'an escape is read as JSON.parse does');
  assert.equal(stringify({ name: '🦬' }), '{"name":"🦬"}');
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('what is no text is not parsed', () => {
  for (const json of /** @type {any[]} */ ([undefined, null, 5, {}])) {
    assert.throws(() => parse(json), { name: 'ConfigError', setting: 'json', message: /`json` is a text, not/ });
  }
});

test('what throws while it is read is an error of the caller, whatever it throws', async () => {
  const { accounts } = new Client(sandbox.settings);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throws = (/** @type {unknown} */ thrown) => ({
    a: {},
    get name() {
      throw thrown;
    },
  });
  const trap = new Proxy(
    {},
    {
      ownKeys() {
        throw new RangeError('no');
      },
    },
  );
  const values = [revoked.proxy, { a: revoked.proxy }, trap, throws(Symbol('no')), throws(Object.create(null))];
  for (const value of values) {
    await assert.rejects(accounts.create(value), { name: 'ConfigError', setting: 'record', outcome: 'not_sent' });
    assert.throws(() => stringify(value), ConfigError);
  }
  await assert.rejects(accounts.get(/** @type {any} */ (revoked.proxy)), { name: 'ConfigError', setting: 'id' });
});

test('what JSON has not is refused, by name', () => {
  assert.throws(() => stringify({ a: { price: Number.NaN } }), {
    name: 'ConfigError',
    message: /`value.a.price` is NaN/,
  });
  assert.throws(() => stringify(undefined), ConfigError);
});

test('what would lose its data on the way is refused, and its place named', async () => {
  const { accounts } = new Client(sandbox.settings);
  class Hidden {
    #name = 'Żubr';
    get name() {
      return this.#name;
    }
  }
  function loop() {
    const map = new Map();
    return map.set('b', new Map([['c', map]]));
  }
  /** @type {[any, RegExp][]} */
  const lost = [
    [Promise.resolve({ name: 'Żubr' }), /^`record` is a promise; is an `await` missing/],
    [{ a: new Map([[1, 'Żubr']]) }, /^`record\.a` is a Map with a key that is no text/],
    [new Map([['a', new Map([['b', Number.NaN]])]]), /^`record\.a\.b` is NaN/],
    [new Hidden(), /^`record` is an object \(Hidden\)/],
    [new URLSearchParams('name=Żubr'), /^`record` is an object \(URLSearchParams\)/],
    [{ a: [{}, { b: new Set([1]) }] }, /^`record\.a\[1\]\.b` is an object \(Set\)/],
    [{ since: new Date(Number.NaN) }, /^`record\.since` is an invalid Date/],
    [{ owner: Promise.resolve(1) }, /^`record\.owner` is a promise/],
    [{ price: new Number(Number.NaN) }, /^`record\.price` is NaN/],
    [{ a: loop() }, /^`record\.a\.b\.c` is a Map that contains itself/],
  ];
  for (const [record, message] of lost) {
    await assert.rejects(accounts.create(record), { name: 'ConfigError', setting: 'record', message });
  }
  const filters = { since: new Date(Number.NaN) };
  await assert.rejects(accounts.list({ filters }).first(), {
    message: /^`options\.filters\.since` is an invalid Date/,
  });
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('objects with data of their own are written, whatever their class and realm', () => {
  class Offer {
    title = 'Oferta';
  }
  const shared = {};
  const value = [
    new Offer(),
    runInNewContext('({})'),
    Object.create(null),
    new Number(1),
    new URL('a:b'),
    shared,
    shared,
  ];
  assert.equal(stringify(value), '[{"title":"Oferta"},{},{},1,"a:b",{},{}]');
});

test('an id is an integer or a text', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const id of /** @type {any[]} */ ([1.5, true, null, Number.NaN, Number.POSITIVE_INFINITY, {}, new Number(1)])) {
    for (const call of [accounts.get(id), accounts.update(id, { city: 'Łódź' }), accounts.delete(id)]) {
      await assert.rejects(call, { name: 'ConfigError', setting: 'id', message: /^an id is an integer/ });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
  assert.deepEqual([(await accounts.get(1)).id, (await accounts.get(1n)).id], [1, 1]);
});
