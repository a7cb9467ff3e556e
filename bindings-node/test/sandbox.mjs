/** A sandbox of its own for each test file, and what a test does with it. */

import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startSandbox as start } from 'egito/testing';

const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../target', import.meta.url));

/** The program, as built here. */
export const program = `${target}/debug/egito-sandbox`;

/** Starts it; it ends after the file's tests. */
export async function startSandbox() {
  const sandbox = await start({ program });
  after(() => sandbox.stop());
  /** The requests of an action, once there are at least so many, or by a filter. @param {import('egito/testing').SandboxAction | import('egito/testing').JournalFilter} action */
  const journal = (action, wait = 0) => sandbox.journal(typeof action === 'string' ? { action, wait } : action);

  return {
    settings: sandbox.settings,
    /** Everything fresh. @param {import('egito/testing').SandboxState} [what] */
    reset: (what = {}) => sandbox.reset(what),
    /** @param {import('egito/testing').Fault} fault */
    fault: (fault) => sandbox.fault(fault),
    /** @param {string} name */
    release: (name) => sandbox.release(name),
    journal,
    /** Waits until the server has seen the client hang up on all but the first requests. @param {import('egito/testing').SandboxAction} action */
    async hungUp(action, answered = 0) {
      while ((await journal(action)).slice(answered).some((request) => !request.clientGone)) {
        await new Promise(setImmediate);
      }
    },
  };
}
