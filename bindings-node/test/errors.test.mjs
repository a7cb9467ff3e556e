/** Errors: their classes, details, causes and stacks. */

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { beforeEach, test } from 'node:test';
import { inspect } from 'node:util';
import { Client, ConfigError, EgitoError, errorClasses, NotFoundError, ValidationError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('the classes are exactly those of the core', () => {
  const core = createRequire(import.meta.url)('../egito.node').errorCodes();
  assert.deepEqual(
    Object.entries(errorClasses).map(([code, Class]) => [code, Class.name]),
    core,
  );
  for (const [code, Class] of Object.entries(errorClasses)) {
    const error = new Class('a message', { cause: 'a cause' });
    assert.ok(error instanceof EgitoError && error instanceof Error);
    assert.deepEqual([error.code, error.name, error.cause], [code, Class.name, 'a cause']);
    assert.equal(String(error), `${Class.name}: a message`);
  }
});

test('an error has details in camelCase, and the stack of its caller', async () => {
  const client = new Client(sandbox.settings);
  async function importAccounts() {
    await client.accounts.create({ city: 'Kraków', taxId: 9007199254740993n });
  }
  await assert.rejects(importAccounts, (error) => {
    assert.ok(error instanceof ValidationError);
    assert.deepEqual([error.outcome, error.entity, error.action, error.attempts], ['rejected', 'Account', 'create', 1]);
    assert.equal(error.errors[0]?.field, 'name');
    assert.match(error.errors[0]?.message ?? '', /nie może być puste/);
    assert.match(error.stack ?? '', /importAccounts/);
    assert.ok(!('cause' in error) && !('retryAfter' in error), 'details that do not apply are not set');
    return true;
  });
});

test('the stack of every error has its caller', async () => {
  const { accounts } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'list' }, times: 0, response: { status: 403 } });
  /** @type {(() => Promise<unknown>)[]} */
  const callers = [
    async function gets() {
      await accounts.get(404);
    },
    async function loops() {
      for await (const _ of accounts.list());
    },
    async function loopsOverPages() {
      for await (const _ of accounts.list().pages());
    },
    async function readsIntoAnArray() {
      await accounts.list().toArray();
    },
    async function abortsABulk() {
      await accounts.createMany([{}], { signal: AbortSignal.abort() });
    },
    async function abortsAStream() {
      for await (const _ of accounts.streamCreateMany([{}], { signal: AbortSignal.abort() }));
    },
    async function createsMany() {
      const [row] = await accounts.createMany([{}]);
      throw row?.error;
    },
    async function streamsMany() {
      for await (const { error } of accounts.streamGetMany([404])) {
        throw error;
      }
    },
  ];
  for (const caller of callers) {
    await assert.rejects(caller(), (/** @type {any} */ error) => {
      assert.ok(error instanceof EgitoError && error.stack?.includes(caller.name), `${caller.name}: ${error.stack}`);
      return true;
    });
  }
});

test('ids beyond 2^53 are exact in errors', async () => {
  const client = new Client(sandbox.settings);
  await assert.rejects(client.accounts.get(9007199254740993n), { name: 'NotFoundError', id: 9007199254740993n });
  const strings = new Client({ ...sandbox.settings, integers: 'string' });
  await assert.rejects(strings.accounts.get(9007199254740993n), { name: 'NotFoundError', id: '9007199254740993' });
});

test('an error can be logged as JSON, with integers as strings', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, cut: 'after' });
  const error = await leads.create({ lastName: 'Nowak', big: 2n ** 64n }).catch((caught) => caught);
  const { name, message, code, outcome, record, cause } = JSON.parse(JSON.stringify(error));
  assert.deepEqual(
    [name, message, code, outcome, record, cause],
    [error.name, error.message, 'outcome_unknown', 'unknown', { lastName: 'Nowak', big: `${2n ** 64n}` }, error.cause],
  );
  const circular = { error, own: /** @type {unknown} */ (undefined) };
  circular.own = circular;
  for (const reason of [new RangeError('no'), circular, Symbol('no'), 5n]) {
    const cancelled = await leads.get(1, { signal: AbortSignal.abort(reason) }).catch((caught) => caught);
    assert.equal(JSON.parse(JSON.stringify(cancelled)).code, 'cancelled');
  }
});

test('invalid arguments reject with ConfigError', async () => {
  const client = new Client(sandbox.settings);
  /** @type {any} */
  const invalid = undefined;
  const loop = {};
  loop.loop = loop;
  const calls = [
    () => client.accounts.get(invalid),
    () => client.accounts.get(Number.NaN),
    () => client.accounts.create(invalid),
    () => client.accounts.create(loop),
    () => client.accounts.create({ price: Number.POSITIVE_INFINITY }),
    () => client.accounts.call(invalid),
    () => client.accounts.call('print', {}, { method: /** @type {any} */ ('PATCH') }),
    () => client.accounts.get(1, { signal: /** @type {any} */ ({}) }),
    () => client.call('no name', 'get'),
    () => client.accounts.list({ filters: /** @type {any} */ ({ city: {} }) }).toArray(),
    () => client.dictionary(invalid).toArray(),
  ];
  for (const call of calls) {
    await assert.rejects(call(), (error) => error instanceof ConfigError && error.outcome === 'not_sent', String(call));
  }
  assert.throws(() => client.entity(invalid), { name: 'ConfigError', setting: 'entity' });
  assert.throws(() => client.entity('a/b'), { name: 'ConfigError', setting: 'entity', outcome: 'not_sent' });
  for (const settings of [invalid, null, 'firma', []]) {
    const error = {
      name: 'ConfigError',
      setting: 'settings',
      message: /^invalid `settings`: expected an object, got .*; pass an object/,
    };
    assert.throws(() => new Client(settings), error);
  }
  assert.throws(() => new /** @type {any} */ (Client)(), { name: 'ConfigError', setting: 'settings' });
  const { clientSecret: _, ...secretless } = sandbox.settings;
  /** @type {[any, string, RegExp][]} */
  const named = [
    [{ ...sandbox.settings, timeoutMs: -1 }, 'timeoutMs', /`timeoutMs`/],
    [{ ...sandbox.settings, pageSize: 'many' }, 'pageSize', /`pageSize`/],
    [secretless, 'clientSecret', /`clientSecret`/],
    [{ ...sandbox.settings, max_retry: 1 }, 'max_retry', /unknown setting `max_retry`: did you mean `maxRetries`/],
    [{ ...sandbox.settings, decimals: 'exact' }, 'decimals', /^invalid `decimals`: expected .*got the string "exact"$/],
  ];
  for (const [settings, setting, message] of named) {
    assert.throws(() => new Client(settings), { name: 'ConfigError', setting, message });
  }
  await assert.rejects(client.accounts.get(1, { timeoutMs: -1 }), { name: 'ConfigError', setting: 'timeoutMs' });
  const misspelt = /** @type {any} */ ({ ...sandbox.settings, timeuotMs: 5 });
  assert.throws(() => new Client(misspelt), { name: 'ConfigError', setting: 'timeuotMs' });
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('an unknown option is an error that names it', async () => {
  const client = new Client(sandbox.settings);
  const { accounts } = client;
  const { signal } = new AbortController();
  /** @type {any} */
  const typo = { sygnal: signal };
  const calls = [
    () => accounts.create({ name: 'Żubr' }, typo),
    () => accounts.get(1, typo),
    () => accounts.update(1, {}, typo),
    () => accounts.delete(1, typo),
    () => accounts.call('print', {}, typo),
    () => client.call('Offer', 'print', {}, typo),
    async () => client.dictionary('industry', typo).toArray(),
    async () => accounts.list(typo).toArray(),
  ];
  for (const call of calls) {
    await assert.rejects(call(), { name: 'ConfigError', setting: 'sygnal', outcome: 'not_sent' }, String(call));
  }
  const method = client.call('Offer', 'print', {}, /** @type {any} */ ({ metod: 'GET' }));
  await assert.rejects(method, { name: 'ConfigError', setting: 'metod', message: /expected one of .*method/ });
  for (const options of /** @type {any[]} */ ([null, signal, 'GET'])) {
    await assert.rejects(accounts.get(1, options), { name: 'ConfigError', setting: 'options' });
    assert.throws(() => accounts.list(options), { name: 'ConfigError', setting: 'options' });
    assert.throws(() => client.dictionary('industry', options), { name: 'ConfigError', setting: 'options' });
  }
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('a call may have its own timeout and retries', async () => {
  const { accounts } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'get' }, times: 0, hold: 'gate' });
  await assert.rejects(accounts.get(1, { timeoutMs: 50 }), { name: 'TimeoutError', limit: 'timeout', attempts: 1 });
  await assert.rejects(accounts.create({ name: 'Żubr' }, { timeoutMs: -1 }), { name: 'ConfigError' });
  await sandbox.reset();
  await sandbox.fault({ on: { action: 'list' }, times: 0, response: { status: 503 } });
  await assert.rejects(accounts.list({ maxRetries: 0 }).first(), { name: 'ServerError', attempts: 1 });
  await sandbox.reset();
  await sandbox.fault({ on: { action: 'get' }, times: 0, response: { status: 503 } });
  const [row] = await accounts.getMany([1], { maxRetries: 0 });
  assert.equal(row?.error?.attempts, 1);
});

test('a printed error shows its details, and no secret', async () => {
  const client = new Client(sandbox.settings);
  const error = await client.accounts.get(404).catch((caught) => caught);
  const printed = inspect(error);
  assert.match(printed, /^NotFoundError: get Account 404: .*\n {4}at .*errors\.test\.mjs/s);
  for (const detail of ["code: 'not_found'", 'status: 404', 'outcome', "field: 'id'", 'attempts: 1']) {
    assert.equal(printed.includes(detail), detail !== 'outcome', detail); // reads have no outcome
  }
  assert.ok(!printed.includes(sandbox.settings.password));
});

test('import and require share the error classes', async () => {
  const required = createRequire(import.meta.url)('egito');
  await assert.rejects(new required.Client(sandbox.settings).accounts.get(404), NotFoundError);
  await assert.rejects(new Client(sandbox.settings).accounts.get(404), required.NotFoundError);
});

test('a call of a closed client fails with ConfigError', async () => {
  const client = new Client(sandbox.settings);
  client.close();
  await assert.rejects(client.accounts.get(1), { name: 'ConfigError', message: /closed/ });
});

test('a panic in the core or in the module is an InternalError', async () => {
  const client = new Client(sandbox.settings);
  for (const inCore of [true, false]) {
    const panic = /** @type {any} */ (client).panicForTests(inCore);
    await assert.rejects(panic, { name: 'InternalError', cause: 'a panic for tests' });
  }
  await assert.rejects(client.accounts.get(404), NotFoundError);
});

test('a failed connection has a cause with code and errno of the system', async () => {
  const client = new Client({
    baseUrl: 'http://127.0.0.1:9',
    clientId: 'a',
    clientSecret: 'b',
    username: 'c',
    password: 'd',
    maxRetries: 0,
  });
  const error = await client.accounts.get(1).then(
    () => assert.fail('no server is there'),
    (/** @type {any} */ error) => error,
  );
  assert.equal(error.name, 'ConnectionError');
  assert.match(error.message, /cannot connect to http:\/\/127\.0\.0\.1:9/);
  assert.ok(error.cause instanceof Error);
  assert.equal(/** @type {any} */ (error.cause).code, 'ECONNREFUSED');
  assert.equal(/** @type {any} */ (error.cause).errno, -error.osError);
});
