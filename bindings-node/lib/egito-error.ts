/** What all errors have in common. Their classes are in errors.ts. */

import type { RecordId } from './record.js';

/** The stable word for what went wrong. */
export type ErrorCode =
  | 'config'
  | 'auth'
  | 'permission'
  | 'not_found'
  | 'validation'
  | 'rate_limited'
  | 'server'
  | 'unexpected_response'
  | 'connection'
  | 'tls'
  | 'timeout'
  | 'outcome_unknown'
  | 'pagination'
  | 'cancelled'
  | 'internal';

/** What is known about the server's state after a failed write. */
export type Outcome = 'not_sent' | 'rejected' | 'unknown';

/** One complaint of the server about a record. */
export interface FieldError {
  /** The field that is wrong, where the server names it. */
  readonly field?: string;
  /** What is wrong, in the server's words and language. */
  readonly message: string;
  /** The value that was refused. */
  readonly rejectedValue?: unknown;
  /** The server's name of the kind of object. */
  readonly object?: string;
  /** The complaint as the server sent it. */
  readonly raw: unknown;
}

/** What an error carries besides its message. What does not apply is absent. */
export interface ErrorDetails {
  /** Whether repeating the same call is harmless and may help. */
  readonly retryable?: boolean;
  /** What is known about the server's state; absent for reads. */
  readonly outcome?: Outcome;
  /** HTTP status of the last answer. */
  readonly status?: number;
  /** Entity of the call. */
  readonly entity?: string;
  /** Action of the call, `login` for the token. */
  readonly action?: string;
  /** Id of the record that the call was about; one beyond 2^53 as the client's `integers` say. */
  readonly id?: RecordId;
  /** How many requests were made for this call. */
  readonly attempts?: number;
  /** Seconds from the call's start to this error. */
  readonly elapsed?: number;
  /** The right that is missing. */
  readonly category?: 'CREATE' | 'READ' | 'UPDATE' | 'DELETE';
  /** The setting or argument that is wrong, as it is called here. */
  readonly setting?: string;
  /** The server's complaints. */
  readonly errors?: readonly FieldError[];
  /** Seconds that the server asked to wait. */
  readonly retryAfter?: number;
  /** `error` of the token address, e.g. `invalid_grant`. */
  readonly oauthError?: string;
  /** `error_description` of the token address, without secrets. */
  readonly oauthDescription?: string;
  /** Content type of the answer. */
  readonly contentType?: string;
  /** The first 200 characters of the answer, without secrets. */
  readonly bodyStart?: string;
  /** The record that was sent and whose fate is unknown. */
  readonly record?: unknown;
  /** Which time limit was reached, in the words that all languages share. */
  readonly limit?: 'timeout' | 'connect_timeout' | 'read_timeout';
  /** What was seen of a list that cannot be read completely. */
  readonly seen?: string;
  /** The operating system's number of the error below this one, such as 111 for a refused connection on Linux. */
  readonly osError?: number;
}

/** What errors of these codes certainly have. */
export interface CertainDetails {
  /** At least one complaint. */
  validation: {
    /** At least one complaint. */
    readonly errors: readonly [FieldError, ...FieldError[]];
  };
  /** HTTP status of the answer. */
  permission: {
    /** HTTP status of the answer. */
    readonly status: number;
  };
  /** HTTP status of the last answer. */
  rate_limited: {
    /** HTTP status of the last answer. */
    readonly status: number;
  };
  /** HTTP status of the last answer. */
  server: {
    /** HTTP status of the last answer. */
    readonly status: number;
  };
  /** Which time limit was reached. */
  timeout: {
    /** Which time limit was reached. */
    readonly limit: NonNullable<ErrorDetails['limit']>;
  };
  /** It may have been done. */
  outcome_unknown: {
    /** It may have been done. */
    readonly outcome: 'unknown';
  };
  /** What was seen of the list. */
  pagination: {
    /** What was seen of the list. */
    readonly seen: string;
  };
}

/** What an error of the code `C` certainly has. */
export type Certain<C extends ErrorCode> = C extends keyof CertainDetails ? CertainDetails[C] : unknown;

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
} & Certain<C>;

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
