/** Values are sent and returned without loss. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { runInNewContext } from 'node:vm';
import { Client, ConfigError, Decimal, parse, stringify } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('integers of any size are sent and returned exactly', async () => {
  const client = new Client(sandbox.settings);
  const numbers = [2n ** 53n, -(2n ** 64n), 12345678901234567890123n, 2 ** 53 - 1, 0.1, 1e21, 5e-324];
  const id = await client.accounts.create({ name: 'Żubr', numbers });
  assert.deepEqual((await client.accounts.get(id)).numbers, numbers);
  assert.deepEqual((await client.accounts.list({ sort: 'id', order: 'desc' }).first())?.numbers, numbers);
});

test('integers beyond 2^53 are strings with integers: string, at any position', async () => {
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

test('a Map is written as an object, and toJSON is called', async () => {
  const { accounts } = new Client(sandbox.settings);
  const own = { toJSON: () => ({ city: 'Łódź' }) };
  const record = new Map(Object.entries({ name: 'Żubr', more: new Map([['__proto__', 1n]]), own }));
  const read = await accounts.get(await accounts.create(/** @type {any} */ (record)));
  assert.deepEqual([read.name, read.own], ['Żubr', { city: 'Łódź' }]);
  assert.deepEqual(Object.entries(read.more), [['__proto__', 1]]);
});

test('a flat record is written like JSON.stringify, with the same checks', () => {
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

test('nested plain values are written like JSON.stringify, with the same checks', () => {
  const nested = {
    2: [],
    1: { a: [1, 'ż', [null], { b: undefined, c: '' }], 'ż"\\': false },
    none: Object.create(null),
  };
  assert.equal(stringify(nested), JSON.stringify(nested));
  assert.equal(stringify([nested, 1.5]), JSON.stringify([nested, 1.5]));
  const own = JSON.parse('{"a": {"__proto__": {"b": [1]}}}');
  assert.equal(stringify(own), JSON.stringify(own));
  const deep = Array.from({ length: 100 }).reduce((inside) => ({ inside }), 1);
  assert.equal(stringify(deep), JSON.stringify(deep));
  assert.throws(() => stringify({ a: [{ b: Number.NaN }] }), { message: /^`value\.a\[0\]\.b` is NaN/ });
  assert.throws(() => stringify({ a: [undefined] }), { message: /^`value\.a\[0\]` is undefined/ });
  assert.throws(() => stringify({ a: { '\ud83e': 1 } }), ConfigError);
  let reads = 0;
  const counter = Object.defineProperty({}, 'value', { enumerable: true, get: () => (reads++ === 0 ? 7 : Number.NaN) });
  assert.equal(stringify({ counter }), '{"counter":{"value":7}}'); // a getter is read once
});

test('Decimals are sent back as the same numbers', async () => {
  const { accounts } = new Client({ ...sandbox.settings, decimals: 'decimal' });
  const price = new Decimal('12345678901234567890.10');
  const id = await accounts.create({ name: 'Żubr', price, sizes: [new Decimal('1e400'), 0.1, 7, 2n ** 64n] });
  const read = await accounts.get(id);
  assert.ok(read.price instanceof Decimal);
  assert.deepEqual([read.price, read.sizes], [price, [new Decimal('1e400'), new Decimal('0.1'), 7, 2n ** 64n]]);
  await accounts.update(id, read);
  const again = await accounts.get(id);
  assert.deepEqual([again.price, again.sizes], [read.price, read.sizes]);
  assert.deepEqual((await accounts.list({ filters: { price } }).first())?.price, price);
  assert.equal((await sandbox.journal('list'))[0]?.query.price, '12345678901234567890.10');
  const [row] = await accounts.getMany([id]);
  assert.deepEqual(row?.record?.price, price);
  assert.deepEqual((await accounts.list({ filters: { name: 'Żubr' } }).toArray())[0]?.price, price);
});

test('a Decimal is written as a JSON number', () => {
  assert.equal(stringify({ a: new Decimal('0.10'), b: [new Decimal('-1e400')] }), '{"a":0.10,"b":[-1e400]}');
  assert.equal(stringify(parse('[0.10,1E5,7]', { decimals: 'decimal' })), '[0.10,1E5,7]');
  const half = new Decimal('0.50');
  assert.deepEqual([`${half}`, half.toString(), Number(half), JSON.stringify(half)], ['0.50', '0.50', 0.5, '"0.50"']);
  assert.notDeepEqual(half, new Decimal('0.5'));
  for (const digits of /** @type {any[]} */ (['', '1,5', '.5', '1.', '01', 'NaN', ' 1', 0.5, null])) {
    assert.throws(() => new Decimal(digits), { name: 'ConfigError', setting: 'digits' });
  }
  const decimals = /** @type {any} */ ('string');
  assert.throws(() => parse('1', { decimals }), { name: 'ConfigError', setting: 'decimals' });
});

test('decimals are exact strings with decimals: string', async () => {
  const client = new Client({ ...sandbox.settings, decimals: 'string' });
  const id = await client.accounts.create({ name: 'Żubr', price: 0.1, size: 7 });
  const { price, size } = await client.accounts.get(id);
  assert.deepEqual([price, size], ['0.1', 7]);
});

test('undefined members are omitted, and a Date is written in UTC with three digits', async (t) => {
  const client = new Client(sandbox.settings);
  const since = new Date('2024-02-29T11:11:12+01:00');
  class DateOnly extends Date {
    /** @override */
    toJSON() {
      return this.toISOString().slice(0, 10);
    }
  }
  const luxon = { isLuxonDateTime: true, toJSDate: () => since, toJSON: () => '2024-02-29T11:11:12.000+01:00' };
  const instant = {
    [Symbol.toStringTag]: 'Temporal.Instant',
    epochMilliseconds: since.getTime(),
    toJSON: () => '2024-02-29T10:11:12Z',
  };
  const foreign = runInNewContext(`new Date(${since.getTime()})`);
  const local = () => '2024-02-29 11:11:12';
  const { toJSON } = Date.prototype;
  t.after(() => Object.assign(Date.prototype, { toJSON }));
  Object.assign(Date.prototype, { toJSON: local }); // as some programs do
  const times = [since, luxon, instant, foreign];
  const day = new DateOnly(since);
  const id = await client.accounts.create({ name: 'Żubr', times, day, phone: undefined });
  const sent = (await sandbox.journal('create'))[0]?.json;
  assert.deepEqual(sent.times, Array(4).fill('2024-02-29T10:11:12.000Z'));
  assert.equal(sent.day, '2024-02-29');
  assert.ok(!('phone' in sent) && id);
  await client.accounts.list({ filters: { since, until: /** @type {any} */ (luxon) } }).first();
  const query = (await sandbox.journal('list'))[0]?.query ?? {};
  assert.deepEqual([query.since, query.until], Array(2).fill('2024-02-29T10:11:12.000Z'));
});

test('dangerous names are ordinary fields', () => {
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

test('a bigint is written as an integer even with a toJSON on its prototype', (t) => {
  Object.assign(BigInt.prototype, { toJSON: () => 'a string' });
  t.after(() => Reflect.deleteProperty(BigInt.prototype, 'toJSON'));
  assert.equal(stringify({ id: 2n ** 64n }), '{"id":18446744073709551616}');
  Object.assign(BigInt.prototype, { toJSON: () => 0 });
  assert.equal(stringify({ a: 0n, b: Object(0n) }), '{"a":0,"b":0}');
});

test('a bigint from a toJSON or in an object is written', () => {
  const money = { toJSON: () => 2n ** 64n };
  assert.equal(stringify([money, Object(5n), { a: Object(-0n) }]), '[18446744073709551616,5,{"a":0}]');
});

test('half of a surrogate pair is an error with its path', async () => {
  const client = new Client(sandbox.settings);
  const half = 'a\ud800b';
  /** @type {[any, RegExp][]} */
  const records = [
    [{ name: half }, /^`record\.name` is not valid text: it has half of a surrogate pair/],
    [{ a: [{ [half]: 1 }] }, /^`record\.a\[0\]\.a.b` is not valid text/],
    [{ [half]: 1 }, /is not valid text/],
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

test('parse accepts strings only', () => {
  for (const json of /** @type {any[]} */ ([undefined, null, 5, {}])) {
    assert.throws(() => parse(json), {
      name: 'ConfigError',
      setting: 'json',
      message: /^invalid `json`: expected a string, got/,
    });
  }
});

test('an error of a getter, a toJSON or a proxy is a ConfigError', async () => {
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

test('a value that JSON cannot contain is an error with its path', () => {
  assert.throws(() => stringify({ a: { price: Number.NaN } }), {
    name: 'ConfigError',
    message: /`value.a.price` is NaN/,
  });
  assert.throws(() => stringify(undefined), ConfigError);
});

test('a value that would lose data in JSON is an error with its path', async () => {
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
  function circle() {
    const object = { list: /** @type {unknown[]} */ ([1]) };
    object.list.push(object);
    return object;
  }
  /** @type {[any, RegExp][]} */
  const lost = [
    [Promise.resolve({ name: 'Żubr' }), /^`record` is a promise; is an `await` missing/],
    [{ a: new Map([[1, 'Żubr']]) }, /^`record\.a` is a Map with a key that is not a string/],
    [new Map([['a', new Map([['b', Number.NaN]])]]), /^`record\.a\.b` is NaN/],
    [new Hidden(), /^`record` is an object \(Hidden\)/],
    [new URLSearchParams('name=Żubr'), /^`record` is an object \(URLSearchParams\)/],
    [{ a: [{}, { b: new Set([1]) }] }, /^`record\.a\[1\]\.b` is an object \(Set\)/],
    [
      { a: { since: new Date('+010000-01-01T00:00:00Z') } },
      /^`record\.a\.since` is a time in the year 10000; pass one from 0 to 9999/,
    ],
    [
      { since: new Date('-000001-12-31T23:59:59Z') },
      /^`record\.since` is a time in the year -1; pass one from 0 to 9999/,
    ],
    [{ since: new Date(Number.NaN) }, /^`record\.since` is an invalid Date/],
    [{ owner: Promise.resolve(1) }, /^`record\.owner` is a promise/],
    [{ price: new Number(Number.NaN) }, /^`record\.price` is NaN/],
    [{ a: loop() }, /^`record\.a\.b\.c` is a Map that contains itself/],
    [{ a: circle() }, /^`record\.a\.list\[1\]` is an object \(Object\) that contains itself/],
    [{ file: Buffer.from('%PDF') }, /^`record\.file` is an object \(Buffer\), and JSON cannot contain bytes/],
    [
      { files: [new Uint8Array(1)] },
      /^`record\.files\[0\]` is an object \(Uint8Array\), and JSON cannot contain bytes/,
    ],
    [{ file: new ArrayBuffer(1) }, /^`record\.file` is an object \(ArrayBuffer\), and JSON cannot contain bytes/],
    [{ file: new DataView(new ArrayBuffer(1)) }, /^`record\.file` is an object \(DataView\)/],
    [{ file: new Blob(['%PDF']) }, /^`record\.file` is an object \(Blob\)/],
    [Buffer.from('{}'), /^`record` is an object \(Buffer\)/],
    [{ name: 'Żubr', run: () => 1 }, /^`record\.run` is a function, which JSON cannot contain/],
    [{ tags: ['a', Symbol('b')] }, /^`record\.tags\[1\]` is a symbol/],
    [{ tag: Object(Symbol('b')) }, /^`record\.tag` is a symbol/],
    [() => ({}), /^`record` is a function/],
    [{ tags: ['a', undefined] }, /^`record\.tags\[1\]` is undefined/],
    // biome-ignore lint/suspicious/noSparseArray: the test needs it
    [{ tags: ['a', , 'b'] }, /^`record\.tags\[1\]` is undefined/],
    [{ price: Number.POSITIVE_INFINITY }, /^`record\.price` is Infinity/],
    [{ name: new String('a\ud800') }, /^`record\.name` is not valid text/],
    [{ pattern: /Żubr/ }, /^`record\.pattern` is an object \(RegExp\)/],
    [{ reason: Object.assign(new Error('no'), { code: 1 }) }, /^`record\.reason` is an object \(Error\)/],
    [{ seen: new WeakSet() }, /^`record\.seen` is an object \(WeakSet\)/],
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

test('toJSON is called, and its result is checked', () => {
  class Money {
    toJSON = () => new Decimal('0.10');
  }
  class Bytes extends Uint8Array {
    toJSON() {
      return this.join('-');
    }
  }
  assert.equal(stringify({ a: new Money(), b: new Bytes([1, 2]) }), '{"a":0.10,"b":"1-2"}');
  assert.equal(stringify({ a: { toJSON: () => undefined } }), '{}');
  assert.throws(() => stringify([{ toJSON: () => undefined }]), { message: /^`value\[0\]` is undefined/ });
  assert.throws(() => stringify({ a: { toJSON: () => Buffer.from('x') } }), {
    message: /^`value\.a` is .*cannot contain bytes/,
  });
});

test('objects with own fields are written, of any class and realm', () => {
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

test('an id is an integer or a string', async () => {
  const { accounts } = new Client(sandbox.settings);
  for (const id of /** @type {any[]} */ ([1.5, true, null, Number.NaN, Number.POSITIVE_INFINITY, {}, new Number(1)])) {
    for (const call of [accounts.get(id), accounts.update(id, { city: 'Łódź' }), accounts.delete(id)]) {
      await assert.rejects(call, { name: 'ConfigError', setting: 'id', message: /^invalid id: expected an integer/ });
    }
  }
  assert.deepEqual(await sandbox.journal('login'), []);
  assert.deepEqual([(await accounts.get(1)).id, (await accounts.get(1n)).id], [1, 1]);
});
