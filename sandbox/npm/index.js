/** Starts a sandbox for tests, and controls it. */

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const http = require('node:http');
const { createInterface } = require('node:readline');
const { program } = require('./program.js');

exports.startSandbox = async function startSandbox(given = {}) {
  const {
    program: path = program(),
    port = 0,
    ...others
  } = checked(given, 'program', 'port', 'records', 'seed', 'data');
  const named = Object.entries({ port, ...others }).filter(([, value]) => value !== undefined);
  const options = named.flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(path, ['--exit-with-parent', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const failed = ended.then(([code]) => {
    throw new Error(`the sandbox exited with status ${code}; see its message above`);
  });
  failed.catch(() => {});
  const [line] = await Promise.race([once(lines, 'line'), failed]);
  // The sandbox must not keep the test program alive; it stops with it.
  child.unref();
  child.stdout.unref();
  const { address, page, settings } = JSON.parse(line);
  return new Sandbox(address, page, camelCased(settings), async () => {
    child.ref(); // otherwise the program could end before the sandbox has stopped
    child.kill();
    await ended;
  });
};

class Sandbox {
  #stop;

  constructor(address, page, settings, stop) {
    this.address = address;
    this.page = page;
    this.settings = settings;
    this.#stop = stop;
  }

  async reset(state = {}) {
    const { config, ...others } = checked(state, 'seed', 'records', 'config');
    return this.control('reset', config === undefined ? others : { ...others, config: snakeCased(config) });
  }

  seed(entities) {
    return this.control('seed', { entities });
  }

  async config(changes) {
    return this.control('config', snakeCased(changes));
  }

  async fault(fault) {
    return this.control('faults', Array.isArray(fault) ? fault.map(wireFault) : wireFault(fault));
  }

  clearFaults() {
    return this.control('faults', undefined, 'DELETE');
  }

  release(name) {
    return this.control('release', { name });
  }

  advance(seconds) {
    return this.control('clock', { advance: seconds });
  }

  async journal(filter = {}) {
    const { action, entity, clientGone, wait = 0 } = checked(filter, 'action', 'entity', 'clientGone', 'wait');
    const given = { wait, timeout_ms: 10_000, action, entity, client_gone: clientGone };
    const pairs = Object.entries(given).filter(([, value]) => value !== undefined);
    const entries = await this.control(
      `journal?${new URLSearchParams(pairs.map(([name, value]) => [name, `${value}`]))}`,
    );
    return entries.map(({ fault, ...entry }) => ({ ...camelCased(entry), fault: fault && camelCased(fault) }));
  }

  clearJournal() {
    return this.control('journal', undefined, 'DELETE');
  }

  records(entity) {
    return this.control(`records/${encodeURIComponent(entity)}`);
  }

  async control(path, body, method = body === undefined ? 'GET' : 'POST') {
    const { status, text } = await send(`${this.address}/_sandbox/${path}`, method, body);
    if (status >= 300) {
      throw new Error(`sandbox, ${path}: ${status} ${text}`);
    }
    return text === '' ? undefined : JSON.parse(text);
  }

  stop() {
    return this.#stop();
  }

  [Symbol.asyncDispose]() {
    return this.#stop();
  }
}

/** Returns the options. Throws for an unknown name. */
function checked(given, ...names) {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`unknown option \`${unknown}\`; expected one of ${names.join(', ')}`);
  }
  return given;
}

/** Sends a request with `node:http`, since a test may have replaced the global `fetch`. */
async function send(url, method, body) {
  const request = http.request(url, { method, agent: false });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = await once(request, 'response');
  const chunks = await response.setEncoding('utf8').toArray();
  return { status: response.statusCode, text: chunks.join('') };
}

/** Returns a fault with the field names of the control API. */
function wireFault(fault) {
  const { response, ...others } = fault;
  return { ...snakeCased(others), ...(response !== undefined && { response: snakeCased(response) }) };
}

/** Returns the object with its keys in camelCase; the values are not changed. */
function camelCased(members) {
  const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [camelCase(name), value]));
}

/** Returns the object with its keys in snake_case; the values are not changed. */
function snakeCased(members) {
  const snakeCase = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [snakeCase(name), value]));
}
