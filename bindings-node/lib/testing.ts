/**
 * A local Egito CRM for tests. It is in the package `egito-sandbox`, so production programs do not include it.
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

/** Starts a sandbox on its own port. It stops with this process at the latest. */
export async function startSandbox(options?: sandbox.SandboxOptions): Promise<sandbox.Sandbox> {
  return load().startSandbox(options);
}

function load(): typeof sandbox {
  try {
    return require('egito-sandbox');
  } catch (cause) {
    throw new Error('egito/testing needs the package egito-sandbox; run: npm install --save-dev egito-sandbox', {
      cause,
    });
  }
}
