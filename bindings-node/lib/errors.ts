/** Makes errors from what the core reports. */

import { getSystemErrorName } from 'node:util';
import type { EgitoError } from './egito-error.js';
import type { FieldError } from './field-error.js';
import { errorClasses } from './generated/error-classes.js';
import type { ErrorCode } from './generated/error-types.js';

for (const { prototype, name } of Object.values(errorClasses)) {
  Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
}

/** The error that a record of the core describes. `reason` is why the caller gave up, if it did. */
export function errorFrom(record: Record<string, unknown>, reason?: unknown): EgitoError {
  const { code, number: _, message, errors, setting, ...details } = record as Record<string, unknown> & CoreError;
  const Class = errorClasses[code];
  // A create that was given up after it was sent is in doubt, and the reason of the signal is its cause.
  const isGivenUp =
    code === 'cancelled' || (code === 'outcome_unknown' && reason !== undefined && record.status === null);
  return new Class(message, {
    ...camelCased(details),
    ...(setting !== null && { setting }),
    ...causeOf(details, isGivenUp, reason),
    errors: errors.map(camelCased) as unknown as FieldError[],
  });
}

/** The lower error: the signal's reason, or an `Error` with the `code` and `errno` that Node itself gives to such failures. */
function causeOf(details: Record<string, unknown>, isGivenUp: boolean, reason: unknown): ErrorOptions {
  if (isGivenUp) {
    return { cause: reason };
  }
  const { cause, os_error: number } = details;
  if (typeof cause !== 'string' || typeof number !== 'number') {
    return {};
  }
  return { cause: Object.assign(new Error(cause), { code: systemErrorName(number), errno: -number }) };
}

/** `ECONNREFUSED` and its like; a number that this system does not have stays a number. */
function systemErrorName(number: number): string {
  try {
    return getSystemErrorName(-number);
  } catch {
    return String(number);
  }
}

/** What every error of the core has. */
interface CoreError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors: Record<string, unknown>[];
  readonly status: number | null;
  readonly setting: string | null;
}

/** The members that are there, in camelCase. */
export function camelCased(members: Record<string, unknown>): Record<string, unknown> {
  const there = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(there.map(([name, value]) => [camelCase(name), value]));
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
