/** Finds and loads the native module: that of a checkout, or of the platform's own package, an optional dependency. */

import { checkNode, type Failed, loadError, OtherVersion } from './load-error.js';

/** Endings of the packages of each system. Of Linux's two, npm installs the one that fits, and the other cannot be loaded. */
const LIBCS: Readonly<Record<string, readonly string[]>> = { darwin: [''], linux: ['-gnu', '-musl'], win32: ['-msvc'] };

/** Machines that there are packages for. */
const MACHINES: readonly string[] = ['x64', 'arm64'];

/** Returns the native module. Throws an error that says why there is none, with a `code`. */
export function loadNative<N extends { version(): string }>(): N {
  checkNode();
  const libcs = MACHINES.includes(process.arch) ? (LIBCS[process.platform] ?? []) : [];
  const packages = libcs.map((libc) => `egito-${process.platform}-${process.arch}${libc}`);
  const failed: Failed[] = [];
  for (const name of ['../egito.node', ...packages]) {
    try {
      return checked(required(name) as N, name);
    } catch (cause) {
      failed.push({ name, cause });
    }
  }
  const [checkout, ...others] = failed as [Failed, ...Failed[]];
  const isThere = (checkout.cause as { code?: string }).code !== 'MODULE_NOT_FOUND';
  throw loadError(isThere ? [checkout] : others);
}

/**
 * Loads one binary. Bundlers and tracers find those that are installed, since each has a `require` of its own, and pass over the
 * others, since these stand within `try`.
 */
function required(name: string): unknown {
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
        throw new Error(`there is no package ${name}`);
    }
  } catch (cause) {
    failure = cause;
  }
  throw failure;
}

/** Two versions that do not know each other would fail later, and worse. */
function checked<N extends { version(): string }>(found: N, name: string): N {
  const { version: own } = require('../package.json');
  if (found.version() !== own) {
    throw new OtherVersion(`${name} has version ${found.version()}, this package ${own}`);
  }
  return found;
}
