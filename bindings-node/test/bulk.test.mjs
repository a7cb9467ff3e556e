/** Bulks: what only JavaScript has, its iterables and promises. What becomes of the calls is the suite's matter. */

import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { beforeEach, test } from 'node:test';
import { CancelledError, Client, ConfigError, OutcomeUnknownError, ValidationError } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

/** Records without end, and how many were taken. */
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

test('a list of rows, in order, with the very inputs, the errors among them', async () => {
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

test('get, update and delete take iterables of every kind', async () => {
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

/** The records of a source, those after the first only once `go` is called. @param {ReturnType<typeof endless>} source */
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

test('a stream is lazy and bounded, and leaving it ends the calls under way', async () => {
  const { leads } = new Client(sandbox.settings);
  const source = endless();
  const { inputs, go } = firstAlone(source);
  const rows = leads.createMany(inputs, { stream: true, concurrency: 4, cancelGraceMs: 0 });
  assert.equal(source.taken, 0);
  assert.equal((await rows.next()).value?.index, 0);
  await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
  const next = rows.next();
  go();
  await sandbox.journal('create', 5);
  await rows.return?.();
  assert.equal((await next).done, true);
  assert.deepEqual([source.taken, source.returned], [5, 1], 'one, and four at a time');
  await sandbox.hungUp('create', 1);
  assert.equal((await sandbox.journal('create')).length, 5);
});

test('return() ends a stream that waits for a row or for an input', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
  async function* stuck() {
    yield { lastName: 'Nowak' };
    await new Promise(() => {});
  }
  const rows = leads.createMany(stuck(), { stream: true, cancelGraceMs: 0 });
  const next = rows.next();
  await sandbox.journal('create', 1);
  await rows.return?.();
  assert.equal((await next).done, true);
  await sandbox.hungUp('create');
});

test('a call does not wait for the input after it', async () => {
  const { leads } = new Client(sandbox.settings);
  let release = () => {};
  async function* slow() {
    yield { lastName: 'Nowak' };
    await /** @type {Promise<void>} */ (new Promise((resolve) => (release = resolve)));
    yield { lastName: 'Kowalska' };
  }
  const rows = leads.createMany(slow(), { stream: true });
  assert.equal((await rows.next()).value?.index, 0);
  release();
  assert.equal((await rows.next()).value?.index, 1);
  assert.equal((await rows.next()).done, true);
});

test('what the inputs throw comes out, after the rows of the calls under way', async () => {
  const { leads } = new Client(sandbox.settings);
  const broken = new Error('the file ends here');
  function* inputs() {
    yield { lastName: 'Nowak' };
    throw broken;
  }
  const rows = leads.createMany(inputs(), { stream: true });
  assert.equal((await rows.next()).value?.ok, true);
  await assert.rejects(rows.next(), (error) => error === broken);
  async function* later() {
    yield* inputs();
  }
  await assert.rejects(leads.createMany(later()), (error) => error === broken);
  assert.equal((await sandbox.journal('create')).length, 2);
});

test('an abort gives the rows that are known', async () => {
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
  await sandbox.hungUp('create', 1);
});

test('an abort ends a bulk whose source never answers', async () => {
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

test('a listener of the progress that throws ends the bulk', async () => {
  const { leads } = new Client(sandbox.settings);
  const source = endless();
  const onProgress = () => {
    throw new RangeError('no');
  };
  await assert.rejects(leads.createMany(source, { onProgress }), RangeError);
  assert.equal(source.returned, 1);
});

test('what ends a bulk early carries the rows, those of the calls under way too', async () => {
  const { leads } = new Client(sandbox.settings);
  const full = new Error('the disk is full');
  const onProgress = () => {
    throw full;
  };
  async function* twoUnderWay() {
    await sandbox.fault({ on: { action: 'create' }, hold: 'first' });
    yield { lastName: 'Nowak' };
    await sandbox.journal('create', 1);
    await sandbox.fault({ on: { action: 'create' }, times: 0, hold: 'gate' });
    yield* [{ lastName: 'Żak' }, { lastName: 'Ćma' }];
    await sandbox.journal('create', 3);
    await sandbox.release('first');
    await new Promise(() => {});
  }
  const call = leads.createMany(twoUnderWay(), { onProgress, cancelGraceMs: 0 });
  await assert.rejects(call, (/** @type {any} */ error) => {
    assert.ok(error === full);
    assert.deepEqual(
      error.rows.map((/** @type {any} */ row) => row.error?.outcome ?? row.ok),
      [true, 'unknown', 'unknown'],
    );
    assert.equal(error.rows[1].error.cause, full);
    assert.ok(!Object.keys(error).includes('rows'), 'they are not printed');
    return true;
  });
  await sandbox.reset();
  function* inputsOf(/** @type {unknown} */ thrown) {
    yield { lastName: 'Nowak' };
    throw thrown;
  }
  await assert.rejects(leads.createMany(inputsOf(full)), (/** @type {any} */ error) => error.rows.length === 1);
  for (const closed of ['a text', Object.freeze(new Error('frozen'))]) {
    await assert.rejects(leads.createMany(inputsOf(closed)), (/** @type {any} */ error) => {
      return error.cause === closed && error.rows.length === 1;
    });
  }
});

test('what the inputs owe still when a bulk has ended is not what it ended with', async () => {
  const { leads } = new Client(sandbox.settings);
  const full = new Error('the disk is full');
  let fail = (/** @type {Error} */ _) => {};
  const owed = new Promise((_, reject) => (fail = reject));
  const steps = [{ done: false, value: { lastName: 'Nowak' } }, owed];
  const inputs = /** @type {any} */ ({ [Symbol.asyncIterator]: () => ({ next: async () => steps.shift() }) });
  const onProgress = () => {
    fail(new Error('too late'));
    throw full;
  };
  await assert.rejects(leads.createMany(inputs, { onProgress }), (/** @type {any} */ error) => {
    return error === full && error.rows.length === 1;
  });
});

test('a slow call holds up no other', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const inputs = Array.from({ length: 60 }, (_, index) => ({ lastName: `Nowak ${index}` }));
  const rows = leads.createMany(inputs, { concurrency: 2 });
  assert.equal((await sandbox.journal('create', 60)).length, 60);
  await sandbox.release('gate');
  assert.ok((await rows).every(({ ok, index }, place) => ok && index === place));
});

test('a stream keeps no more rows behind a slow call than 16 for each at one time', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const source = endless();
  const { inputs: afterTheFirst, go } = firstAlone(source);
  const stream = leads.createMany(afterTheFirst, { concurrency: 2, stream: true, cancelGraceMs: 0 });
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
  test(`a stream takes ${kind} no further than its calls while rows are ready, and not at all between two rows`, async () => {
    const { leads } = new Client(sandbox.settings);
    const source = endless();
    async function* asynchronous() {
      yield* source;
    }
    const inputs = kind === 'an iterable' ? source : asynchronous();
    const stream = leads.createMany(inputs, { concurrency: 3, stream: true });
    await stream.next();
    for (let given = 1; given < 20; given += 1) {
      const { taken } = source;
      await sandbox.journal('create', taken); // all rows are ready soon
      await new Promise((resolve) => setImmediate(resolve));
      assert.equal(source.taken, taken);
      await stream.next();
      assert.ok(source.taken <= Math.max(taken, given + 3), `${source.taken} inputs for ${given} rows`);
    }
    await stream.return();
  });
}

test('rows that fail without a call let the event loop turn, and hear the signal', async () => {
  const { leads } = new Client(sandbox.settings);
  const controller = new AbortController();
  function* wrong() {
    for (;;) {
      yield { since: new Date(Number.NaN) };
    }
  }
  setTimeout(() => controller.abort('enough'), 1);
  await assert.rejects(leads.createMany(wrong(), { signal: controller.signal }), { cause: 'enough' });
});

test('an iterator that breaks the rules is no endless source', async () => {
  const { leads } = new Client(sandbox.settings);
  for (const step of [undefined, null, 5]) {
    const sync = /** @type {any} */ ({ [Symbol.iterator]: () => ({ next: () => step }) });
    const async = /** @type {any} */ ({ [Symbol.asyncIterator]: () => ({ next: async () => step }) });
    for (const inputs of [sync, async]) {
      await assert.rejects(leads.createMany(inputs), { name: 'TypeError', message: /the iterator of the inputs gave/ });
    }
  }
});

test('inputs that cannot be opened leave nothing behind on the signal', async () => {
  const { leads } = new Client(sandbox.settings);
  const { signal } = new AbortController();
  const inputs = {
    [Symbol.iterator]() {
      throw new RangeError('no file');
    },
  };
  await assert.rejects(leads.createMany(inputs, { signal }), RangeError);
  await assert.rejects(leads.createMany(inputs, { signal, stream: true }).next(), RangeError);
  assert.equal(getEventListeners(signal, 'abort').length, 0);
});

test('wrong arguments are refused before anything is sent', async () => {
  const { leads } = new Client(sandbox.settings);
  /** @type {[any, any, string][]} */
  const wrong = [
    ['Nowak', {}, 'inputs'],
    [Promise.resolve([]), {}, 'inputs'],
    [undefined, {}, 'inputs'],
    [[], { concurrency: 0 }, 'concurrency'],
    [[], { concurrency: 1.5 }, 'concurrency'],
    [[], { onProgress: 1 }, 'onProgress'],
    [[], { paralel: 2 }, 'paralel'],
    [[], null, 'options'],
  ];
  for (const [inputs, options, setting] of wrong) {
    await assert.rejects(leads.createMany(inputs, options), { name: 'ConfigError', setting, outcome: 'not_sent' });
    if (options !== null) {
      assert.throws(() => leads.createMany(inputs, { ...options, stream: true }), { name: 'ConfigError', setting });
    }
  }
  for (const stream of /** @type {any[]} */ (['x', 1, null])) {
    const bulk = leads.createMany([{ lastName: 'Ryś' }], { stream });
    await assert.rejects(async () => bulk, { name: 'ConfigError', setting: 'stream' });
  }
  const [row] = await leads.updateMany(/** @type {any} */ ([{ id: 1 }]));
  assert.ok(row?.error instanceof ConfigError);
  assert.deepEqual(await sandbox.journal('login'), []);
});

test('what was sent before the loop was left is in the rest', async () => {
  const { leads } = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, times: 0, delayMs: 20 });
  const source = endless();
  const rows = leads.createMany(source, { stream: true, concurrency: 4 });
  for await (const row of rows) {
    assert.equal(row.ok, true);
    break;
  }
  const rest = await rows.rest();
  assert.ok(
    rest.every(({ index, error }, place) => index === place + 1 && (error?.outcome ?? 'not_sent') === 'not_sent'),
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
  const rows = leads.createMany(endless(), { concurrency: 1, stream: true, cancelGraceMs: 60_000 });
  const first = rows.next();
  await sandbox.journal('create', 1);
  const left = rows.return?.();
  await rows.return?.();
  assert.deepEqual([(await left)?.done, (await first).done], [true, true]);
  const [row] = await rows.rest();
  assert.equal(row?.error?.outcome, 'unknown');
});
