/** Values keep their value on the way out and back in. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
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
});

test('what JSON has not is refused, by name', () => {
  assert.throws(() => stringify({ a: { price: Number.NaN } }), { name: 'ConfigError', message: /`price` is NaN/ });
  assert.throws(() => stringify(undefined), ConfigError);
});
