/** Checks and describes values of callers. */

import { types } from 'node:util';
import { ConfigError } from './generated/error-classes.js';

/**
 * Returns why an object would lose its data in JSON, which contains own enumerable fields only; `undefined` if it would not. The text
 * follows "got".
 */
export function unserializableReason(value: object): string | undefined {
  if (Array.isArray(value) || isPlain(value) || types.isBoxedPrimitive(value)) {
    return undefined;
  }
  if ('then' in value && typeof value.then === 'function') {
    return 'a promise; is an `await` missing?';
  }
  if (types.isMap(value) || types.isSet(value) || Object.keys(value).length === 0) {
    const instead = types.isMap(value) ? 'Object.fromEntries(map)' : types.isSet(value) ? '[...set]' : 'a plain object';
    return `${describe(value)}, whose data JSON cannot contain; pass ${instead}`;
  }
  return undefined;
}

/** Returns a description of a value's type, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') {
    return String(value);
  }
  if (typeof value !== 'object') {
    return `a ${typeof value}`;
  }
  try {
    const name = value.constructor?.name;
    return typeof name === 'string' && name !== '' ? `an object (${name})` : 'an object';
  } catch {
    return 'an object that cannot be read'; // a revoked proxy
  }
}

/** Returns the string that was passed as `what`. Throws `ConfigError` for anything else. */
export function requireString(value: string, what: string): string {
  if (typeof value !== 'string') {
    throw configError(what, `invalid \`${what}\`: expected a string, got ${describe(value)}`);
  }
  if (!isWellFormed(value)) {
    throw configError(what, `\`${what}\` is ${LONE_SURROGATE}`);
  }
  return value;
}

/** Why a string is invalid that UTF-8, and so JSON on the wire, cannot contain. */
export const LONE_SURROGATE =
  'not valid text: it has half of a surrogate pair, for instance because it was cut within a character';

/** Returns whether a string has no lone surrogate. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** Returns whether a value is a plain object, of any realm. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Returns the error for an invalid value; `what` is the name of the setting or argument. */
export function configError(what: string, message: string, cause?: ErrorOptions): ConfigError {
  const invalidRecord = /^(record|key)(?![^.[])/.test(what);
  return new ConfigError(message, { setting: what, outcome: 'not_sent', invalidRecord, ...cause });
}
