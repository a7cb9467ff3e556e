/** What all errors have in common. Their classes are in generated/error-classes.ts. */

import type { FieldError } from './field-error.js';
import type { ErrorCode, ErrorDetails, Guaranteed } from './generated/error-types.js';

/** What is known about the server's state after a failed write. */
export type Outcome = NonNullable<ErrorDetails['outcome']>;

export interface BaseError extends ErrorDetails {}

/** The base of all classes of errors. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor assigns the details that there are
export abstract class BaseError extends Error {
  /** What went wrong. */
  abstract readonly code: ErrorCode;
  /** The server's complaints; empty where there are none. */
  readonly errors: readonly FieldError[] = [];

  /** With a `cause`, which is the lower error as text, or for a cancelled call the signal's reason. */
  constructor(message: string, details: ErrorDetails & ErrorOptions = {}) {
    const { cause, ...others } = details;
    super(message, 'cause' in details ? { cause } : undefined);
    Object.assign(this, others);
  }

  /** What `JSON.stringify` writes of it, for a log: with the message, and integers beyond 2^53 as texts of their digits. */
  toJSON(): Record<string, unknown> {
    const { name, message, cause } = this;
    const whole = Object.assign({ name, message }, this, { cause: told(cause) });
    return JSON.parse(JSON.stringify(whole, (_, value) => (typeof value === 'bigint' ? String(value) : value)));
  }
}

/**
 * Any error of this library. Decide by its class or its `code`, never by its message. A `code` narrows it:
 *
 * ```js
 * if (error instanceof EgitoError && error.code === 'timeout') console.log(error.limit); // is certainly there
 * ```
 */
export type EgitoError = { [C in ErrorCode]: ErrorOf<C> }[ErrorCode];

/** An error of the code `C`. */
export type ErrorOf<C extends ErrorCode> = BaseError & {
  /** What went wrong. */
  readonly code: C;
} & Guaranteed<C>;

/** What `EgitoError` is as a value: the base class, whose instances are any error. */
export interface ErrorBase {
  /** Any error. */
  readonly prototype: EgitoError;
  new (message: string, details?: ErrorDetails & ErrorOptions): BaseError;
}

/** The base class of all errors, for `instanceof`. */
export const EgitoError: ErrorBase = BaseError as never;
Object.defineProperty(BaseError, 'name', { value: 'EgitoError' });

/** A cause may be anything that a signal was given as its reason. */
function told(cause: unknown): unknown {
  return cause instanceof Error ? String(cause) : typeof cause === 'object' && cause !== null ? undefined : cause;
}
