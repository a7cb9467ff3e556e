/** Bulks: iterables and promises of JavaScript. The shared suite tests the calls. */

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { beforeEach, test } from 'node:test';
import { CancelledError, Client, ConfigError, OutcomeUnknownError, ValidationError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

/** Endless records, with the number of records read. */
function endless() {
  const source = {
    taken: 0,
    returned: 0,
    *[Symbol.iterator]() {
      try {
        for (;;) {
          yield { lastName: `Nowak ${source.taken++}` };
        }
      } finally {
        source.returned++;
      }
    },
  };
  return source;
}

test('all rows, in order, with their inputs and errors', async () => {
  const { leads } = new Client(sandbox.settings);
  const inputs = [{ lastName: 'Żak' }, { city: 'Łódź' }, { lastName: Promise.resolve() }, { lastName: 'Ćma' }];
  const progress = /** @type {any[]} */ ([]);
  const rows = await leads.createMany(inputs, { concurrency: 1, onProgress: (p) => progress.push([p.done, p.failed]) });
  assert.deepEqual(
    rows.map(({ ok, index }) => [ok, index]),
    [
      [true, 0],
      [false, 1],
      [false, 2],
      [true, 3],
    ],
  );
  assert.ok(rows.every((row, index) => row.input === inputs[index]));
  assert.ok(rows[1]?.error instanceof ValidationError && rows[2]?.error instanceof ConfigError);
  assert.deepEqual(progress, [
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 2],
  ]);
  assert.equal((await leads.get(/** @type {any} */ (rows[0]?.id))).lastName, 'Żak');
});

test('getMany, updateMany and deleteMany accept all kinds of iterables', async () => {
  const { accounts } = new Client(sandbox.settings);
  const updated = await accounts.updateMany(
    new Map([
      [1, { city: 'Łódź' }],
      [2, { city: 'Gdańsk' }],
    ]),
  );
  assert.deepEqual(
    updated.map(({ id }) => id),
    [1, 2],
  );
  const read = await accounts.getMany(new Set([1, 2, 404]));
  assert.deepEqual(
    read.map(({ record, error }) => record?.city ?? error?.code),
    ['Łódź', 'Gdańsk', 'not_found'],
  );
  async function* ids() {
    yield* [1, 2];
  }
  const deleted = await accounts.deleteMany(ids());
  assert.deepEqual(
    deleted.map((row) => [row.ok, row.id]),
    [
      [true, 1],
      [true, 2],
    ],
  );
});

/** Yields the first record of a source, and the others after `go` was called. @param {ReturnType<typeof endless>} source */
function firstAlone(source) {
  let go = () => {};
  const gone = /** @type {Promise<void>} */ (new Promise((resolve) => (go = resolve)));
  async function* inputs() {
    for (const record of source) {
      await (record.lastName === 'Nowak 0' ? undefined : gone);
      yield record;
    }
  }
  return { inputs: inputs(), go };
}

test('a stream is lazy and limited, and leaving it cancels the calls in flight', async () => {
  const { leads } = new Client(sandbox.settings);
  const source = endless();
  const { inputs, go } = firstAlone(source);
  const rows = leads.streamCreateMany(inputs, { concurrency: 4, cancelGraceMs: 0 });
  assert.equal(source.taken, 0);
  assert.equal((await rows.next()).value?.index, 0);
  await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
  const next = rows.next();
  go();
  await sandbox.journal('create', 5);
  await rows.return?.();
  assert.equal((await next).done, true);
  assert.deepEqual([source.taken, source.returned], [5, 1], 'one, and four in flight');
  await sandbox.disconnected('create', 1);
  assert.equal((await sandbox.journal('create')).length, 5);
});

test('return() ends a stream that waits for a row or an input', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
  async function* stuck() {
    yield { lastName: 'Nowak' };
    await new Promise(() => {});
  }
  const rows = leads.streamCreateMany(stuck(), { cancelGraceMs: 0 });
  const next = rows.next();
  await sandbox.journal('create', 1);
  await rows.return?.();
  assert.equal((await next).done, true);
  await sandbox.disconnected('create');
});

test('a call does not wait for the next input', async () => {
  const { leads } = new Client(sandbox.settings);
  let release = () => {};
  async function* slow() {
    yield { lastName: 'Nowak' };
    await /** @type {Promise<void>} */ (new Promise((resolve) => (release = resolve)));
    yield { lastName: 'Kowalska' };
  }
  const rows = leads.streamCreateMany(slow());
  assert.equal((await rows.next()).value?.index, 0);
  release();
  assert.equal((await rows.next()).value?.index, 1);
  assert.equal((await rows.next()).done, true);
});

test('an error of the inputs comes after the rows of the calls in flight', async () => {
  const { leads } = new Client(sandbox.settings);
  const broken = new Error('the file ends here');
  function* inputs() {
    yield { lastName: 'Nowak' };
    throw broken;
  }
  const rows = leads.streamCreateMany(inputs());
  assert.equal((await rows.next()).value?.ok, true);
  await assert.rejects(rows.next(), (error) => error === broken);
  async function* later() {
    yield* inputs();
  }
  await assert.rejects(leads.createMany(later()), (error) => error === broken);
  assert.equal((await sandbox.journal('create')).length, 2);
});

test('the error of an abort has the rows known by then', async () => {
  const { leads } = new Client(sandbox.settings);
  const controller = new AbortController();
  const source = endless();
  const { inputs, go } = firstAlone(source);
  const onProgress = async () => {
    await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
    go();
  };
  const { signal } = controller;
  const call = leads.createMany(inputs, { concurrency: 3, signal, onProgress, cancelGraceMs: 0 });
  await sandbox.journal('create', 4);
  controller.abort('enough');
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof CancelledError);
    assert.equal(error.cause, 'enough');
    assert.deepEqual(
      error.rows?.map(({ ok }) => ok),
      [true, false, false, false],
    );
    for (const row of error.rows?.slice(1) ?? []) {
      assert.ok(row.error instanceof OutcomeUnknownError);
      assert.deepEqual([row.error.cause, row.error.outcome], ['enough', 'unknown']);
    }
    return true;
  });
  assert.deepEqual([source.taken, source.returned], [4, 1]);
  await sandbox.disconnected('create', 1);
});

test('an abort ends a bulk whose inputs never resolve', async () => {
  const { leads } = new Client(sandbox.settings);
  const controller = new AbortController();
  async function* stuck() {
    controller.abort();
    await new Promise(() => {});
    yield {};
  }
  await assert.rejects(leads.createMany(stuck(), { signal: controller.signal }), { name: 'CancelledError', rows: [] });
  const aborted = leads.createMany(endless(), { signal: AbortSignal.abort() });
  await assert.rejects(aborted, { name: 'CancelledError', rows: [] });
  assert.deepEqual(await sandbox.journal('create'), []);
});

test('an error of onProgress ends the bulk', async () => {
  const { leads } = new Client(sandbox.settings);
  const source = endless();
  const onProgress = () => {
    throw new RangeError('no');
  };
  await assert.rejects(leads.createMany(source, { onProgress }), RangeError);
  assert.equal(source.returned, 1);
});

test('an error that ends a bulk has the rows, those of the calls in flight included', async () => {
  const { leads } = new Client(sandbox.settings);
  const full = new Error('the disk is full');
  const onProgress = () => {
    throw full;
  };
  async function* twoInFlight() {
    await sandbox.fault({ on: { action: 'create' }, hold: 'first' });
    yield { lastName: 'Nowak' };
    await sandbox.journal('create', 1);
    await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
    yield* [{ lastName: 'Żak' }, { lastName: 'Ćma' }];
    await sandbox.journal('create', 3);
    await sandbox.release('first');
    await new Promise(() => {});
  }
  const call = leads.createMany(twoInFlight(), { onProgress, cancelGraceMs: 0 });
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.ok(error === full);
    assert.deepEqual(
      error.rows.map((/** @type {any} */ row) => row.error?.outcome ?? row.ok),
      [true, 'unknown', 'unknown'],
    );
    assert.equal(error.rows[1].error.cause, full);
    assert.ok(!Object.keys(error).includes('rows'), 'rows are not printed');
    return true;
  });
  await sandbox.reset();
  function* inputsOf(/** @type {unknown} */ thrown) {
    yield { lastName: 'Nowak' };
    throw thrown;
  }
  await assert.rejects(leads.createMany(inputsOf(full)), (/** @type {any} */ error) => error.rows.length === 1);
  for (const sealed of ['a string', Object.freeze(new Error('frozen'))]) {
    await assert.rejects(leads.createMany(inputsOf(sealed)), (/** @type {any} */ error) => {
      return error.cause === sealed && error.rows.length === 1;
    });
  }
});

test('a late error of the inputs does not replace the error that ended the bulk', async () => {
  const { leads } = new Client(sandbox.settings);
  const full = new Error('the disk is full');
  let fail = (/** @type {Error} */ _) => {};
  const pending = new Promise((_, reject) => (fail = reject));
  const steps = [{ done: false, value: { lastName: 'Nowak' } }, pending];
  const inputs = /** @type {any} */ ({ [Symbol.asyncIterator]: () => ({ next: async () => steps.shift() }) });
  const onProgress = () => {
    fail(new Error('too late'));
    throw full;
  };
  await assert.rejects(leads.createMany(inputs, { onProgress }), (/** @type {any} */ error) => {
    return error === full && error.rows.length === 1;
  });
});

test('a slow call does not delay the others', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const inputs = Array.from({ length: 60 }, (_, index) => ({ lastName: `Nowak ${index}` }));
  const rows = leads.createMany(inputs, { concurrency: 2 });
  assert.equal((await sandbox.journal('create', 60)).length, 60);
  await sandbox.release('gate');
  assert.ok((await rows).every(({ ok, index }, expected) => ok && index === expected));
});

test('a stream keeps at most 16 rows per concurrent call while one is slow', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const source = endless();
  const { inputs: afterTheFirst, go } = firstAlone(source);
  const stream = leads.streamCreateMany(afterTheFirst, { concurrency: 2, cancelGraceMs: 0 });
  const first = stream.next();
  await sandbox.journal('create', 1);
  go();
  await sandbox.journal('create', 32);
  assert.equal(source.taken, 32);
  await sandbox.release('gate');
  assert.equal((await first).value?.index, 0);
  await stream.return?.();
});

for (const kind of ['an iterable', 'an async iterable']) {
  test(`a stream reads ${kind} no further than its calls while rows are ready, and not between two rows`, async () => {
    const { leads } = new Client(sandbox.settings);
    const source = endless();
    async function* asynchronous() {
      yield* source;
    }
    const inputs = kind === 'an iterable' ? source : asynchronous();
    const stream = leads.streamCreateMany(inputs, { concurrency: 3 });
    await stream.next();
    for (let read = 1; read < 20; read += 1) {
      const { taken } = source;
      await sandbox.journal('create', taken); // all rows will be ready soon
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(source.taken, taken);
      await stream.next();
      assert.ok(source.taken <= Math.max(taken, read + 3), `${source.taken} inputs for ${read} rows`);
    }
    await stream.return();
  });
}

test('rows that fail without a call yield to the event loop and to the signal', async () => {
  const { leads } = new Client(sandbox.settings);
  const controller = new AbortController();
  function* invalid() {
    for (;;) {
      yield { since: new Date(Number.NaN) };
    }
  }
  setTimeout(() => controller.abort('enough'), 1);
  await assert.rejects(leads.createMany(invalid(), { signal: controller.signal }), { cause: 'enough' });
});

test('an invalid iterator is an error', async () => {
  const { leads } = new Client(sandbox.settings);
  for (const step of [undefined, null, 5]) {
    const sync = /** @type {any} */ ({ [Symbol.iterator]: () => ({ next: () => step }) });
    const async = /** @type {any} */ ({ [Symbol.asyncIterator]: () => ({ next: async () => step }) });
    for (const inputs of [sync, async]) {
      await assert.rejects(leads.createMany(inputs), { name: 'TypeError', message: /invalid iterator of inputs/ });
    }
  }
});

test('inputs whose iterator throws leave no listener on the signal', async () => {
  const { leads } = new Client(sandbox.settings);
  const { signal } = new AbortController();
  const inputs = {
    [Symbol.iterator]() {
      throw new RangeError('no file');
    },
  };
  await assert.rejects(leads.createMany(inputs, { signal }), RangeError);
  await assert.rejects(leads.streamCreateMany(inputs, { signal }).next(), RangeError);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('invalid arguments are errors before anything is sent', async () => {
  const { leads } = new Client(sandbox.settings);
  /** @type {[any, any, string][]} */
  const invalid = [
    ['Nowak', {}, 'inputs'],
    [Promise.resolve([]), {}, 'inputs'],
    [undefined, {}, 'inputs'],
    [[], { concurrency: 0 }, 'concurrency'],
    [[], { concurrency: 1.5 }, 'concurrency'],
    [[], { onProgress: 1 }, 'onProgress'],
    [[], { paralel: 2 }, 'paralel'],
    [[], { stream: true }, 'stream'],
    [[], null, 'options'],
  ];
  for (const [inputs, options, setting] of invalid) {
    await assert.rejects(leads.createMany(inputs, options), { name: 'ConfigError', setting, outcome: 'not_sent' });
    if (options !== null) {
      assert.throws(() => leads.streamCreateMany(inputs, options), { name: 'ConfigError', setting });
    }
  }
  const [row] = await leads.updateMany(/** @type {any} */ ([{ id: 1 }]));
  assert.ok(row?.error instanceof ConfigError);
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('rest() returns the rows of the calls sent before the loop was left', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, times: 0, delayMs: 20 });
  const source = endless();
  const rows = leads.streamCreateMany(source, { concurrency: 4 });
  for await (const row of rows) {
    assert.equal(row.ok, true);
    break;
  }
  const rest = await rows.rest();
  assert.ok(
    rest.every(({ index, error }, position) => index === position + 1 && (error?.outcome ?? 'not_sent') === 'not_sent'),
  );
  const created = 1 + rest.filter(({ ok }) => ok).length;
  assert.deepEqual(
    [(await sandbox.journal('create')).length, source.taken, source.returned],
    [created, 1 + rest.length, 1],
  );
  assert.deepEqual([await rows.rest(), (await rows.next()).done], [[], true]);
});

test('an abort waits for the calls in flight, and a second one does not', async () => {
  const { leads } = new Client(sandbox.settings);
  const controller = new AbortController();
  await sandbox.fault({ on: { action: 'create' }, times: 0, delayMs: 200 });
  const call = leads.createMany(endless(), { concurrency: 3, signal: controller.signal });
  await sandbox.journal('create', 3);
  controller.abort('enough');
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.deepEqual(
      error.rows.map((/** @type {any} */ row) => row.ok),
      [true, true, true],
    );
    return error instanceof CancelledError;
  });
  await sandbox.reset();
  await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
  const rows = leads.streamCreateMany(endless(), { concurrency: 1, cancelGraceMs: 60_000 });
  const first = rows.next();
  await sandbox.journal('create', 1);
  const left = rows.return?.();
  await rows.return?.();
  assert.deepEqual([(await left)?.done, (await first).done], [true, true]);
  const [row] = await rows.rest();
  assert.equal(row?.error?.outcome, 'unknown');
});
