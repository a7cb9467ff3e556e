/**
 * A local Egito for your tests. It lives in the package `egito-sandbox`, so that programs in production do not carry it.
 *
 * ```js
 * import { startSandbox } from 'egito/testing';
 *
 * const sandbox = await startSandbox();
 * const client = new Client(sandbox.settings);
 * ```
 *
 * @module testing
 */

import type * as sandbox from 'egito-sandbox';

export type {
  Fault,
  JournalEntry,
  JournalFilter,
  Sandbox,
  SandboxAction,
  SandboxConfig,
  SandboxOptions,
  SandboxSettings,
  SandboxState,
} from 'egito-sandbox';

/** Starts a sandbox on a port of its own; it ends with this process at the latest. */
export async function startSandbox(options?: sandbox.SandboxOptions): Promise<sandbox.Sandbox> {
  return load().startSandbox(options);
}

function load(): typeof sandbox {
  try {
    return require('egito-sandbox');
  } catch (cause) {
    throw new Error('egito/testing needs the sandbox: npm install --save-dev egito-sandbox', { cause });
  }
}
