/** Runs the suite's commands with the Node.js package: JSON lines in, JSON lines out. It knows no expectations. */

import { createInterface } from 'node:readline';

// By default the package of this checkout. bindings-node/scripts/packed.sh has the packed one tested instead.
const folder = process.env.ADAPTER_PACKAGE ?? new URL('../../../bindings-node', import.meta.url).href;
const { Client, EgitoError, errorClasses, parse, stringify, version } = await import(`${folder}/dist/index.mjs`);

const SHORTCUTS = { Account: 'accounts', Contact: 'contacts', Opportunity: 'opportunities', Lead: 'leads' };

const clients = new Map();
const eventsOf = new Map();

const methods = {
  create: async (client, { record, ...rest }) => entityOf(client, rest).create(record),
  create_once: async (client, { record, key, settle_ms: settleMs, lookup, ...rest }) =>
    entityOf(client, rest).createOnce(record, { key, settleMs, lookup }),
  upsert: async (client, { record, key, settle_ms: settleMs, lookup, ...rest }) =>
    entityOf(client, rest).upsert(record, { key, settleMs, lookup }),
  get: async (client, { id, ...rest }) => entityOf(client, rest).get(id),
  update: async (client, { id, record, ...rest }) => entityOf(client, rest).update(id, record),
  delete: async (client, { id, ...rest }) => entityOf(client, rest).delete(id),
  list: async (client, { take, delete: deletes, ...rest }) =>
    deletes ? deleteAll(client, rest) : firstOf(listOf(client, rest), take),
  pages: async (client, { take, ...rest }) => firstOf(listOf(client, rest).pages(), take),
  first: async (client, args) => listOf(client, args).first(),
  exists: async (client, args) => listOf(client, args).exists(),
  total: async (client, args) => listOf(client, args).total(),
  count: async (client, args) => listOf(client, args).count(),
  changes: async (client, { since, by, lag_ms: lagMs, filters, page_size: pageSize, ...rest }) => {
    const changes = entityOf(client, rest).changes({ since, by, lagMs, filters, pageSize });
    return { records: await changes.toArray(), mark: changes.mark };
  },
  ids: async (client, args) => entityOf(client, args).ids(),
  deleted: async (client, { ids, ...rest }) => entityOf(client, rest).deleted(ids),
  dictionary: async (client, { type, ...rest }) => {
    requireNoMore(rest);
    return client.dictionary(type).toArray();
  },
  call: async (client, { action, params, method, ...rest }) =>
    entityOf(client, rest).call(action, params, { ...(method && { method }) }),
  create_many: (client, args) => runBulk('createMany', client, args),
  get_many: (client, args) => runBulk('getMany', client, args),
  update_many: (client, args) => runBulk('updateMany', client, args),
  delete_many: (client, args) => runBulk('deleteMany', client, args),
  upsert_many: (client, args) => runBulk('upsertMany', client, args),
  plan_upsert: (client, args) => (args.apply ? applyPlan(client, args) : runBulk('planUpsert', client, args)),
  outbox: async (client, { path, steps, ...rest }) => {
    requireNoMore(rest);
    const outbox = client.outbox(path);
    const results = [];
    for (const step of steps) {
      results.push(await outboxStep(outbox, step));
    }
    await outbox.stop();
    return results;
  },
  stats: async (client, args) => {
    requireNoMore(args);
    return withSnakeCaseKeys(client.stats());
  },
  events: async (client, args) => {
    requireNoMore(args);
    await new Promise(setImmediate); // the event loop delivers events in its next turn
    return eventsOf.get(client);
  },
  panic: async (client, args) => {
    requireNoMore(args);
    return client.panicForTests();
  },
};

/** The steps of an outbox. */
const outboxSteps = {
  put: (outbox, { entity, record, key }) => outbox.put(entity, record, { key }),
  put_upsert: (outbox, { entity, record, key }) => outbox.putUpsert(entity, record, { key }),
  put_update: (outbox, { entity, id, record }) => outbox.putUpdate(entity, id, record),
  put_delete: (outbox, { entity, id }) => outbox.putDelete(entity, id),
  deliver: async (outbox, { limit }) => plainOf(await outbox.deliver({ limit })),
  entries: async (outbox, { state, limit }) => (await outbox.entries({ state, limit })).map(plainOf),
  get: async (outbox, { id }) => plainOf(await outbox.get(id)),
  counts: (outbox) => outbox.counts(),
  retry: (outbox, { id }) => outbox.retry(id),
  edit: (outbox, { id, record }) => outbox.edit(id, record),
  discard: (outbox, { id }) => outbox.discard(id),
};

class Unknown extends Error {}

send({ hello: hello() });
for await (const line of createInterface({ input: process.stdin })) {
  const { seq, ...command } = parse(line, { decimals: 'decimal' });
  send({ seq, ...(await reply(command)) });
}

function hello() {
  const codes = Object.fromEntries(Object.entries(errorClasses).map(([code, type]) => [code, type.name]));
  return { adapter: 'node', language: `Node.js ${process.versions.node}`, version, protocol: 1, codes };
}

/** Returns exactly one of result, error, unknown, crashed; or the results of a parallel command. */
async function reply({ do: verb, client: name, ...command }) {
  try {
    switch (verb) {
      case 'open':
        return { result: open(name, command) };
      case 'close':
        await clients.get(name).close();
        return { result: null };
      case 'call':
        return { result: reportOf(await runCall(name, command)) ?? null };
      case 'parallel':
        return { results: await Promise.all(command.calls.map((call) => reply({ do: 'call', ...call }))) };
      default:
        throw new Unknown(`do ${verb}`);
    }
  } catch (error) {
    return failureOf(error);
  }
}

function open(name, { settings, events, ...rest }) {
  requireNoMore(rest);
  const received = [];
  const client = new Client(events ? { ...settings, onEvent: (event) => received.push(event) } : settings);
  clients.set(name, client);
  eventsOf.set(client, received);
  return null;
}

function runCall(name, { method, args, ...rest }) {
  requireNoMore(rest);
  if (!Object.hasOwn(methods, method)) {
    throw new Unknown(`method ${method}`);
  }
  return methods[method](clients.get(name), args);
}

function entityOf(client, { entity, shortcut, with_response: withResponse, ...rest }) {
  requireNoMore(rest);
  const found = shortcut ? client[SHORTCUTS[entity]] : client.entity(entity);
  return withResponse ? found.withResponse() : found;
}

function listOf(client, { filters, sort, order, page_size: pageSize, limit, start, with_response, ...rest }) {
  const known = { filters, sort, order, pageSize, limit, start };
  const given = Object.entries(known).filter(([, value]) => value !== undefined);
  const list = entityOf(client, rest).list(Object.fromEntries(given));
  return with_response ? list.withResponse() : list;
}

/** Runs a bulk with its progress; with `stop_after` it streams the rows, and leaves the loop after so many. */
async function runBulk(method, client, { cancel_after: cancelAfter, close_after: closeAfter, ...others }) {
  if (cancelAfter !== undefined || closeAfter !== undefined) {
    return runCancelledBulk(method, client, { cancelAfter, closeAfter }, others);
  }
  const { inputs, stop_after: stopAfter, rest: wantsRest = false, ...args } = others;
  const progress = [];
  const onProgress = ({ done, failed }) => progress.push([done, failed]);
  const { entity, options } = bulkOf(client, args);
  const rowOf = rowReporter(options);
  if (stopAfter !== undefined) {
    const stream = entity[streaming(method)](inputs, options);
    const rows = await firstOf(stream, stopAfter);
    return { rows: rows.concat(wantsRest ? await stream.rest() : []).map(rowOf) };
  }
  return { rows: (await entity[method](inputs, { ...options, onProgress })).map(rowOf), progress };
}

/** Returns the name of the streaming method: `streamCreateMany` for `createMany`. */
function streaming(method) {
  return `stream${method[0].toUpperCase()}${method.slice(1)}`;
}

/** Plans an upsert, applies the rows of the plan, and returns both reports. */
async function applyPlan(client, { apply: _, apply_to: applyTo, inputs, ...args }) {
  const { entity, options } = bulkOf(client, args);
  const plan = await entity.planUpsert(inputs, options);
  const progress = [];
  const onProgress = ({ done, failed }) => progress.push([done, failed]);
  const target = applyTo === undefined ? entity : client.entity(applyTo);
  const rows = await target.applyUpsert(plan, { ...options, onProgress });
  const rowOf = rowReporter(options);
  return { plan: plan.map(rowOf), rows: rows.map((row) => rowOf({ ...row, input: row.input.input })), progress };
}

function bulkOf(client, args) {
  const {
    concurrency,
    max_failures: maxFailures,
    outage_timeout: outageTimeout,
    cancel_grace: grace,
    ...others
  } = args;
  const { journal, key, lookup, settle_ms: settleMs, ...rest } = others;
  const entity = entityOf(client, rest);
  const outageTimeoutMs = outageTimeout === undefined ? undefined : outageTimeout * 1000;
  const cancelGraceMs = grace === undefined ? undefined : grace * 1000;
  return {
    entity,
    options: { concurrency, maxFailures, outageTimeoutMs, cancelGraceMs, journal, key, lookup, settleMs },
  };
}

/** Streams rows, cancels the bulk or closes the client after so many rows, and returns the rows with the code of the final error. */
async function runCancelledBulk(method, client, { cancelAfter, closeAfter }, { inputs, ...args }) {
  const { entity, options } = bulkOf(client, args);
  const rowOf = rowReporter(options);
  const controller = new AbortController();
  const stream = entity[streaming(method)](inputs, { ...options, signal: controller.signal });
  const rows = [];
  try {
    for (;;) {
      if (rows.length === cancelAfter) {
        controller.abort();
      }
      if (rows.length === closeAfter) {
        await client.close();
      }
      const step = await stream.next();
      if (step.done) {
        return { rows, ended: null };
      }
      rows.push(rowOf(step.value));
    }
  } catch (error) {
    if (error.code !== 'cancelled') {
      throw error;
    }
    return { rows, ended: error.code };
  }
}

/** Returns a function that converts the rows of a bulk with these options. */
function rowReporter({ key, journal }) {
  return ({ ok, resumed, error, index, input, id = null, record = null, ...keyed }) => ({
    index,
    input,
    id,
    record,
    ...(key !== undefined && { change: null, fields: [], duplicates: [], ...keyed }),
    ...(journal !== undefined && { resumed }),
    ...(ok ? { error: null } : failureOf(error)),
  });
}

/** Does a step of an outbox, and returns its result or its error. */
async function outboxStep(outbox, { do: verb, ...args }) {
  if (!Object.hasOwn(outboxSteps, verb)) {
    throw new Unknown(`step ${verb}`);
  }
  try {
    return (await outboxSteps[verb](outbox, args)) ?? null;
  } catch (error) {
    return failureOf(error);
  }
}

/** Converts an entry or a delivery of an outbox: its keys, and its error. */
function plainOf(result) {
  const plain = (value) => (value instanceof EgitoError ? failureOf(value).error : value);
  return withSnakeCaseKeys(Object.fromEntries(Object.entries(result).map(([name, value]) => [name, plain(value)])));
}

/** Converts responses, and pages of a list with theirs, for the judge; other results are not changed. */
function reportOf(result) {
  if (Array.isArray(result)) {
    return result.map(reportOf);
  }
  if (!(result?.headers instanceof Headers)) {
    return result;
  }
  const { value, headers, ...others } = result;
  const values = (name) => (name === 'set-cookie' ? headers.getSetCookie() : [headers.get(name)]);
  return {
    value,
    headers: Object.fromEntries([...headers.keys()].map((name) => [name, values(name)])),
    ...withSnakeCaseKeys(others),
  };
}

/** Reads a list and deletes each record before the next one is read. */
async function deleteAll(client, { entity, ...rest }) {
  const deleted = [];
  for await (const record of listOf(client, { entity, ...rest })) {
    await client.entity(entity).delete(record.id);
    deleted.push(record);
  }
  return deleted;
}

/** Returns the first elements of an async iterable. */
async function firstOf(list, count = Number.POSITIVE_INFINITY) {
  const all = [];
  for await (const one of list) {
    all.push(one);
    if (all.length >= count) {
      break;
    }
  }
  return all;
}

function requireNoMore(args) {
  for (const name of Object.keys(args)) {
    throw new Unknown(`argument ${name}`);
  }
}

function failureOf(error) {
  if (error instanceof Unknown) {
    return { unknown: error.message };
  }
  if (!(error instanceof EgitoError)) {
    return { crashed: error.stack };
  }
  const { message: _, cause, errors, ...details } = error;
  const text = cause === undefined ? {} : { cause: cause instanceof Error ? cause.message : String(cause) };
  return {
    error: {
      ...withSnakeCaseKeys(details),
      ...withSharedNames(error),
      ...text,
      errors: errors.map(withSnakeCaseKeys),
      class: error.name,
    },
  };
}

/** Returns setting and message with the setting names that all languages share. */
function withSharedNames({ setting, message }) {
  const inText = message.replace(/`(\w+)`/g, (_, name) => `\`${sharedName(name)}\``);
  return { message: inText, ...(setting && { setting: sharedName(setting) }) };
}

function sharedName(setting) {
  return Object.keys(withSnakeCaseKeys({ [setting]: 0 }))[0].replace(
    /(?<=timeout|backoff_base|backoff_max|retry_after_max|settle)_ms$/,
    '',
  );
}

/** Returns an object with keys in snake_case, which all languages share. */
function withSnakeCaseKeys(details) {
  const name = (camel) => camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(details).map(([camel, value]) => [name(camel), value]));
}

function send(line) {
  process.stdout.write(`${stringify(line)}\n`);
}
