/** The suite plays the Node.js package through this program: JSON lines in, JSON lines out. It knows no expectations. */

import { createInterface } from 'node:readline';

// The package of this checkout, or another one, such as the packed one.
const folder = process.env.ADAPTER_PACKAGE ?? new URL('../../../bindings-node', import.meta.url).href;
const { Client, EgitoError, errorClasses, parse, stringify, version } = await import(`${folder}/dist/index.mjs`);

const SHORTCUTS = { Account: 'accounts', Contact: 'contacts', Opportunity: 'opportunities', Lead: 'leads' };

const clients = new Map();
const eventsOf = new Map();

const methods = {
  create: async (client, { record, ...rest }) => entityOf(client, rest).create(record),
  get: async (client, { id, ...rest }) => entityOf(client, rest).get(id),
  update: async (client, { id, record, ...rest }) => entityOf(client, rest).update(id, record),
  delete: async (client, { id, ...rest }) => entityOf(client, rest).delete(id),
  list: async (client, { take, delete: deletes, ...rest }) =>
    deletes ? deleteAll(client, rest) : taken(listOf(client, rest), take),
  pages: async (client, { take, ...rest }) => taken(listOf(client, rest).pages(), take),
  first: async (client, args) => listOf(client, args).first(),
  exists: async (client, args) => listOf(client, args).exists(),
  total: async (client, args) => listOf(client, args).total(),
  count: async (client, args) => listOf(client, args).count(),
  dictionary: async (client, { type, ...rest }) => {
    noMore(rest);
    return client.dictionary(type).toArray();
  },
  call: async (client, { action, params, method, ...rest }) =>
    entityOf(client, rest).call(action, params, { ...(method && { method }) }),
  create_many: (client, args) => many('createMany', client, args),
  get_many: (client, args) => many('getMany', client, args),
  update_many: (client, args) => many('updateMany', client, args),
  delete_many: (client, args) => many('deleteMany', client, args),
  stats: async (client, args) => {
    noMore(args);
    return snake(client.stats());
  },
  events: async (client, args) => {
    noMore(args);
    await new Promise(setImmediate); // events come between two turns of the loop
    return eventsOf.get(client);
  },
  panic: async (client, args) => {
    noMore(args);
    return client.panicForTests();
  },
};

class Unknown extends Error {}

say({ hello: hello() });
for await (const line of createInterface({ input: process.stdin })) {
  const { seq, ...command } = parse(line, { decimals: 'decimal' });
  say({ seq, ...(await reply(command)) });
}

function hello() {
  const codes = Object.fromEntries(Object.entries(errorClasses).map(([code, type]) => [code, type.name]));
  return { adapter: 'node', language: `Node.js ${process.versions.node}`, version, protocol: 1, codes };
}

/** Exactly one of result, error, unknown, crashed; or the results of a parallel command. */
async function reply({ do: verb, client: name, ...command }) {
  try {
    switch (verb) {
      case 'open':
        return { result: open(name, command) };
      case 'close':
        await clients.get(name).close();
        return { result: null };
      case 'call':
        return { result: reported(await called(name, command)) ?? null };
      case 'parallel':
        return { results: await Promise.all(command.calls.map((call) => reply({ do: 'call', ...call }))) };
      default:
        throw new Unknown(`do ${verb}`);
    }
  } catch (error) {
    return failed(error);
  }
}

function open(name, { settings, events, ...rest }) {
  noMore(rest);
  const seen = [];
  const client = new Client(events ? { ...settings, onEvent: (event) => seen.push(event) } : settings);
  clients.set(name, client);
  eventsOf.set(client, seen);
  return null;
}

function called(name, { method, args, ...rest }) {
  noMore(rest);
  if (!Object.hasOwn(methods, method)) {
    throw new Unknown(`method ${method}`);
  }
  return methods[method](clients.get(name), args);
}

function entityOf(client, { entity, shortcut, with_response: withResponse, ...rest }) {
  noMore(rest);
  const found = shortcut ? client[SHORTCUTS[entity]] : client.entity(entity);
  return withResponse ? found.withResponse() : found;
}

function listOf(client, { filters, sort, order, page_size: pageSize, limit, start, with_response, ...rest }) {
  const known = { filters, sort, order, pageSize, limit, start };
  const given = Object.entries(known).filter(([, value]) => value !== undefined);
  const list = entityOf(client, rest).list(Object.fromEntries(given));
  return with_response ? list.withResponse() : list;
}

/** The list form with its progress; with `stop_after` the stream form, left after so many rows. */
async function many(method, client, { cancel_after: cancelAfter, close_after: closeAfter, ...given }) {
  if (cancelAfter !== undefined || closeAfter !== undefined) {
    return ended(method, client, { cancelAfter, closeAfter }, given);
  }
  const { inputs, stop_after: stopAfter, rest: wantsRest = false, ...args } = given;
  const progress = [];
  const onProgress = ({ done, failed }) => progress.push([done, failed]);
  const { entity, options } = bulkOf(client, args);
  if (stopAfter !== undefined) {
    const stream = entity[method](inputs, { ...options, stream: true });
    const rows = await taken(stream, stopAfter);
    return { rows: rows.concat(wantsRest ? await stream.rest() : []).map(rowOf) };
  }
  return { rows: (await entity[method](inputs, { ...options, onProgress })).map(rowOf), progress };
}

function bulkOf(client, args) {
  const { concurrency, max_failures: maxFailures, outage_timeout: outageTimeout, cancel_grace: grace, ...rest } = args;
  const entity = entityOf(client, rest);
  const outageTimeoutMs = outageTimeout === undefined ? undefined : outageTimeout * 1000;
  const cancelGraceMs = grace === undefined ? undefined : grace * 1000;
  return { entity, options: { concurrency, maxFailures, outageTimeoutMs, cancelGraceMs } };
}

/** The rows, where the bulk is cancelled or the client closed once so many were read, and the code of what came after them. */
async function ended(method, client, { cancelAfter, closeAfter }, { inputs, ...args }) {
  const { entity, options } = bulkOf(client, args);
  const stop = new AbortController();
  const stream = entity[method](inputs, { ...options, stream: true, signal: stop.signal });
  const rows = [];
  try {
    for (;;) {
      if (rows.length === cancelAfter) {
        stop.abort();
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

function rowOf({ ok, error, ...row }) {
  return ok ? row : { ...row, ...failed(error) };
}

/** A response, or the pages of a list with theirs, as the judge reads them; any other result as it is. */
function reported(result) {
  if (Array.isArray(result)) {
    return result.map(reported);
  }
  if (!(result?.headers instanceof Headers)) {
    return result;
  }
  const { value, headers, ...about } = result;
  const values = (name) => (name === 'set-cookie' ? headers.getSetCookie() : [headers.get(name)]);
  return {
    value,
    headers: Object.fromEntries([...headers.keys()].map((name) => [name, values(name)])),
    ...snake(about),
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

async function taken(list, count = Number.POSITIVE_INFINITY) {
  const all = [];
  for await (const one of list) {
    all.push(one);
    if (all.length >= count) {
      break;
    }
  }
  return all;
}

function noMore(args) {
  for (const name of Object.keys(args)) {
    throw new Unknown(`argument ${name}`);
  }
}

function failed(error) {
  if (error instanceof Unknown) {
    return { unknown: error.message };
  }
  if (!(error instanceof EgitoError)) {
    return { crashed: error.stack };
  }
  const { message: _, cause, errors, ...details } = error;
  const text = cause === undefined ? {} : { cause: cause instanceof Error ? cause.message : String(cause) };
  return {
    error: { ...snake(details), ...names(error), ...text, errors: errors.map(snake), class: error.name },
  };
}

/** Settings under the names that all languages share, in the text too. */
function names({ setting, message }) {
  const inText = message.replace(/`(\w+)`/g, (_, name) => `\`${shared(name)}\``);
  return { message: inText, ...(setting && { setting: shared(setting) }) };
}

function shared(setting) {
  return Object.keys(snake({ [setting]: 0 }))[0].replace(
    /(?<=timeout|backoff_base|backoff_max|retry_after_max)_ms$/,
    '',
  );
}

/** The details under the names that all languages share. */
function snake(details) {
  const name = (camel) => camel.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(details).map(([camel, value]) => [name(camel), value]));
}

function say(line) {
  process.stdout.write(`${stringify(line)}\n`);
}
