/** Looks at values that callers gave: what they are, and whether JSON can hold them. */

import { types } from 'node:util';
import { ConfigError } from './generated/error-classes.js';

/** Why an object would lose what it holds, if it would: JSON shows an object's own enumerable fields only. */
export function hidden(value: object): string | undefined {
  if (Array.isArray(value) || isPlain(value) || types.isBoxedPrimitive(value)) {
    return undefined;
  }
  if ('then' in value && typeof value.then === 'function') {
    return 'a promise; is an `await` missing?';
  }
  if (types.isMap(value) || types.isSet(value) || Object.keys(value).length === 0) {
    const instead = types.isMap(value) ? 'Object.fromEntries(map)' : types.isSet(value) ? '[...set]' : 'a plain object';
    return `${named(value)}, of which JSON shows nothing; give ${instead}`;
  }
  return undefined;
}

/** What a value is, for people. */
export function named(value: unknown): string {
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
    return 'an object that cannot be read'; // a proxy that was revoked
  }
}

/** The text that was given for `what`. */
export function text(value: string, what: string): string {
  if (typeof value !== 'string') {
    throw wrong(what, `\`${what}\` is a text, not ${named(value)}`);
  }
  if (!isWellFormed(value)) {
    throw wrong(what, `\`${what}\` is ${MALFORMED}`);
  }
  return value;
}

/** What a text is that no UTF-8, and so no JSON on the wire, can hold. */
export const MALFORMED = 'no text: it has half of a surrogate pair, as texts have that were cut within a character';

/** Whether a string has no half of a surrogate pair. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed();
}

/** Whether it is an object literal or the like, of any realm. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Returns the error about a wrong value; `what` is the name of the setting or argument. */
export function wrong(what: string, message: string, cause?: ErrorOptions): ConfigError {
  return new ConfigError(message, { setting: what, outcome: 'not_sent', ...cause });
}
