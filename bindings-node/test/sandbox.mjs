/** A sandbox of its own for each test file, and what a test does with it. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));

/** Starts the program; it ends after the file's tests. */
export async function startSandbox() {
  const child = spawn(`${target}/debug/egito-sandbox`, ['--port', '0', '--exit-with-parent'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  after(() => child.kill());
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { address, settings } = JSON.parse(line);

  /** @param {string} path @param {object} [body] @returns {Promise<any>} */
  async function control(path, body) {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    const response = await fetch(`${address}/_sandbox/${path}`, init);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${path}: ${response.status} ${text}`);
    }
    return text && JSON.parse(text);
  }

  /** @param {string} action @param {number} [count] @returns {Promise<any[]>} */
  const journal = (action, count = 0) => control(`journal?action=${action}&wait=${count}&timeout_ms=5000`);

  return {
    settings,
    /** Everything fresh. @param {object} [what] */
    reset: (what = {}) => control('reset', what),
    /** @param {object} fault */
    fault: (fault) => control('faults', fault),
    /** @param {string} name */
    release: (name) => control('release', { name }),
    /** The requests of an action, once there are at least so many. */
    journal,
    /** Waits until the server has seen the client hang up on all but the first requests. @param {string} action */
    async hungUp(action, answered = 0) {
      while ((await journal(action)).slice(answered).some((request) => !request.client_gone)) {
        await new Promise(setImmediate);
      }
    },
  };
}
