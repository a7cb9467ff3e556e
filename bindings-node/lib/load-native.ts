/** Finds and loads the native module: in a checkout, or in the platform's package, an optional dependency. */

import { checkNode, type FailedLoad, loadError, VersionMismatch } from './load-error.js';

/** Suffixes of the packages of each system. Linux has two: npm installs the suitable one, and the other cannot be loaded. */
const LIBCS: Readonly<Record<string, readonly string[]>> = { darwin: [''], linux: ['-gnu', '-musl'], win32: ['-msvc'] };

/** CPU architectures with a package. */
const ARCHITECTURES: readonly string[] = ['x64', 'arm64'];

/** Returns the native module. Throws an error with a `code` and instructions if it cannot be loaded. */
export function loadNative<N extends { version(): string }>(): N {
  checkNode();
  const libcs = ARCHITECTURES.includes(process.arch) ? (LIBCS[process.platform] ?? []) : [];
  const packages = libcs.map((libc) => `egito-${process.platform}-${process.arch}${libc}`);
  const failed: FailedLoad[] = [];
  for (const name of ['../egito.node', ...packages]) {
    try {
      return checkVersion(requireBinary(name) as N, name);
    } catch (cause) {
      failed.push({ name, cause });
    }
  }
  const [checkout, ...others] = failed as [FailedLoad, ...FailedLoad[]];
  const hasCheckout = (checkout.cause as { code?: string }).code !== 'MODULE_NOT_FOUND';
  throw loadError(hasCheckout ? [checkout] : others);
}

/**
 * Loads one binary. Each has its own `require`, so bundlers and tracers find the installed ones. They ignore the others, since these are
 * within `try`.
 */
function requireBinary(name: string): unknown {
  let failure: unknown;
  try {
    switch (name) {
      case '../egito.node':
        return require('../egito.node');
      case 'egito-darwin-arm64':
        return require('egito-darwin-arm64');
      case 'egito-darwin-x64':
        return require('egito-darwin-x64');
      case 'egito-linux-arm64-gnu':
        return require('egito-linux-arm64-gnu');
      case 'egito-linux-arm64-musl':
        return require('egito-linux-arm64-musl');
      case 'egito-linux-x64-gnu':
        return require('egito-linux-x64-gnu');
      case 'egito-linux-x64-musl':
        return require('egito-linux-x64-musl');
      case 'egito-win32-arm64-msvc':
        return require('egito-win32-arm64-msvc');
      case 'egito-win32-x64-msvc':
        return require('egito-win32-x64-msvc');
      default:
        throw new Error(`unknown package ${name}`);
    }
  } catch (cause) {
    failure = cause;
  }
  throw failure;
}

/** Checks that the binary has the version of this package. Other versions would fail later, with worse errors. */
function checkVersion<N extends { version(): string }>(binary: N, name: string): N {
  const { version: own } = require('../package.json');
  if (binary.version() !== own) {
    throw new VersionMismatch(`${name} has version ${binary.version()}, this package has version ${own}`);
  }
  return binary;
}
