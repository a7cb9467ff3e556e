/** Creates errors from the errors of the core. */

import { getSystemErrorName } from 'node:util';
import type { EgitoError } from './egito-error.js';
import type { FieldError } from './field-error.js';
import { errorClasses } from './generated/error-classes.js';
import type { ErrorCode } from './generated/error-types.js';

for (const { prototype, name } of Object.values(errorClasses)) {
  Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
}

/** Returns the error for an error record of the core. `abortReason` is the reason of the caller's signal, if it was aborted. */
export function errorFrom(record: Record<string, unknown>, abortReason?: unknown): EgitoError {
  const { code, number: _, message, errors, setting, ...details } = record as Record<string, unknown> & CoreError;
  const Class = errorClasses[code];
  // The outcome of a create that was aborted after it was sent is unknown; its cause is the reason of the signal, too.
  const isAborted =
    code === 'cancelled' || (code === 'outcome_unknown' && abortReason !== undefined && record.status === null);
  return new Class(message, {
    ...withCamelCaseKeys(details),
    ...(setting !== null && { setting }),
    ...causeOf(details, isAborted, abortReason),
    errors: errors.map(withCamelCaseKeys) as unknown as FieldError[],
  });
}

/** Returns the cause: the signal's reason, or an `Error` with `code` and `errno` as Node.js itself uses them. */
function causeOf(details: Record<string, unknown>, isAborted: boolean, abortReason: unknown): ErrorOptions {
  if (isAborted) {
    return { cause: abortReason };
  }
  const { cause, os_error: number } = details;
  if (typeof cause !== 'string' || typeof number !== 'number') {
    return {};
  }
  return { cause: Object.assign(new Error(cause), { code: systemErrorName(number), errno: -number }) };
}

/** Returns a name such as `ECONNREFUSED`, or the number if this system has no name for it. */
function systemErrorName(number: number): string {
  try {
    return getSystemErrorName(-number);
  } catch {
    return String(number);
  }
}

/** Members of every error record of the core. */
interface CoreError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors: Record<string, unknown>[];
  readonly status: number | null;
  readonly setting: string | null;
}

/** Returns the object without members that are `null`, and with keys in camelCase. */
export function withCamelCaseKeys(members: Record<string, unknown>): Record<string, unknown> {
  const present = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(present.map(([name, value]) => [camelCase(name), value]));
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
