/** Bulks: what only JavaScript has, its iterables and promises. What becomes of the calls is the suite's matter. */

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { CancelledError, Client, ConfigError, ValidationError } from 'egito';
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
  const rows = await leads.createMany(inputs, { concurrency: 2, onProgress: (p) => progress.push([p.done, p.failed]) });
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
  const rows = leads.createMany(inputs, { stream: true, concurrency: 4 });
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
  const rows = leads.createMany(stuck(), { stream: true });
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
  const call = leads.createMany(inputs, { concurrency: 3, signal: controller.signal, onProgress });
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
      assert.ok(row.error instanceof CancelledError);
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
  const [row] = await leads.updateMany(/** @type {any} */ ([{ id: 1 }]));
  assert.ok(row?.error instanceof ConfigError);
  assert.deepEqual(await sandbox.journal('login'), []);
});
