/** A sandbox for each test file, and helpers for tests. */

import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSandbox as start } from 'egito/testing';

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));

/** The program that was built in this checkout. */
export const program = `${target}/debug/egito-sandbox`;

/** Starts a sandbox that stops after the file's tests. */
export async function startSandbox() {
  const sandbox = await start({ program });
  after(() => sandbox.stop());
  /** Returns the requests of an action, once there are at least `wait` of them, or by a filter. @param {import('egito/testing').SandboxAction | import('egito/testing').JournalFilter} action */
  const journal = (action, wait = 0) => sandbox.journal(typeof action === 'string' ? { action, wait } : action);

  return {
    settings: sandbox.settings,
    /** @param {import('egito/testing').SandboxState} [state] */
    reset: (state = {}) => sandbox.reset(state),
    /** @param {import('egito/testing').Fault} fault */
    fault: (fault) => sandbox.fault(fault),
    /** @param {string} name */
    release: (name) => sandbox.release(name),
    journal,
    /** Waits until the client has disconnected from all requests except the first `completed` ones. @param {import('egito/testing').SandboxAction} action */
    async disconnected(action, completed = 0) {
      while ((await journal(action)).slice(completed).some((request) => !request.clientGone)) {
        await new Promise(setImmediate);
      }
    },
  };
}
