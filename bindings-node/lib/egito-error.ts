/** The base class of errors. Their classes are in generated/error-classes.ts. */

import type { FieldError } from './field-error.js';
import type { ErrorCode, ErrorDetails, Guaranteed } from './generated/error-types.js';

/** Whether a failed write was done. */
export type Outcome = NonNullable<ErrorDetails['outcome']>;

export interface BaseError extends ErrorDetails {}

/** The base class of all errors. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor assigns the details
export abstract class BaseError extends Error {
  /** The kind of error. */
  abstract readonly code: ErrorCode;
  /** Field errors of the server; empty if there are none. */
  readonly errors: readonly FieldError[] = [];

  /** Creates an error. `cause` is the underlying error, or for a cancelled call the signal's reason. */
  constructor(message: string, details: ErrorDetails & ErrorOptions = {}) {
    const { cause, ...others } = details;
    super(message, 'cause' in details ? { cause } : undefined);
    Object.assign(this, others);
  }

  /** Returns the error for `JSON.stringify`, for a log: with its message, and integers beyond 2^53 as strings. */
  toJSON(): Record<string, unknown> {
    const { name, message, cause } = this;
    const members = Object.assign({ name, message }, this, { cause: loggableCause(cause) });
    return JSON.parse(JSON.stringify(members, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
  }
}

/**
 * Any error of this library. Check its class or its `code`, never its message. A `code` narrows the type:
 *
 * ```js
 * if (error instanceof EgitoError && error.code === 'timeout') console.log(error.limit); // not optional
 * ```
 */
export type EgitoError = { [C in ErrorCode]: ErrorOf<C> }[ErrorCode];

/** An error with the code `C`. */
export type ErrorOf<C extends ErrorCode> = BaseError & {
  /** The kind of error. */
  readonly code: C;
} & Guaranteed<C>;

/** The type of the value `EgitoError`: the base class, whose instances may be any error. */
export interface ErrorBase {
  /** Any error. */
  readonly prototype: EgitoError;
  new (message: string, details?: ErrorDetails & ErrorOptions): BaseError;
}

/** The base class of all errors, for `instanceof`. */
export const EgitoError: ErrorBase = BaseError as never;
Object.defineProperty(BaseError, 'name', { value: 'EgitoError' });

/** Returns a cause without objects that cannot be logged. The reason of a signal may be any value. */
function loggableCause(cause: unknown): unknown {
  return cause instanceof Error ? String(cause) : typeof cause === 'object' && cause !== null ? undefined : cause;
}
