/** Starts a sandbox for a test, and does to it what a test wants. */

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { createInterface } = require('node:readline');
const { program } = require('./program.js');

exports.startSandbox = async function startSandbox(given = {}) {
  const { program: path = program(), port = 0, ...others } = known(given, 'program', 'port', 'records', 'seed', 'data');
  const named = Object.entries({ port, ...others }).filter(([, value]) => value !== undefined);
  const options = named.flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(path, ['--exit-with-parent', ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const failed = ended.then(([code]) => {
    throw new Error(`the sandbox ended at once, with status ${code}; it has said why`);
  });
  failed.catch(() => {});
  const [line] = await Promise.race([once(lines, 'line'), failed]);
  // A test program that is done need not wait for its sandbox, which ends with it.
  child.unref();
  child.stdout.unref();
  const { address, settings } = JSON.parse(line);
  return new Sandbox(address, camelCased(settings), async () => {
    child.ref(); // whoever waits for its end has perhaps nothing else that keeps the program alive
    child.kill();
    await ended;
  });
};

class Sandbox {
  #stop;

  constructor(address, settings, stop) {
    this.address = address;
    this.settings = settings;
    this.#stop = stop;
  }

  reset(what = {}) {
    return this.control('reset', what);
  }

  seed(entities) {
    return this.control('seed', { entities });
  }

  config(changes) {
    return this.control('config', changes);
  }

  fault(fault) {
    return this.control('faults', fault);
  }

  release(name) {
    return this.control('release', { name });
  }

  async journal(filter = {}) {
    const { action, wait = 0 } = known(filter, 'action', 'wait');
    const query = new URLSearchParams({ wait: String(wait), timeout_ms: '10000', ...(action && { action }) });
    return this.control(`journal?${query}`);
  }

  records(entity) {
    return this.control(`records/${entity}`);
  }

  async control(path, body) {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${this.address}/_sandbox/${path}`, init);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`sandbox, ${path}: ${response.status} ${text}`);
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

/** The options, if they are such as there are: a misspelt one would be ignored without a word. */
function known(given, ...names) {
  const unknown = Object.keys(given).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`the sandbox knows no option \`${unknown}\`; known: ${names.join(', ')}`);
  }
  return given;
}

function camelCased(settings) {
  const camelCase = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [camelCase(name), value]));
}
