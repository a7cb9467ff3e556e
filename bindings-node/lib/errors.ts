/**
 * The errors. One class for each code of the core's error table:
 *
 *     EgitoError
 *       ConfigError              a setting or argument is missing, unknown or wrong; nothing was sent
 *       AuthError                the login was refused
 *       PermissionError          the user or the integration lacks a right
 *       NotFoundError            there is no such record
 *       ValidationError          the server complains about fields
 *       RateLimitedError         too many requests, after the last attempt
 *       ServerError              the server failed, after the last attempt
 *       UnexpectedResponseError  a redirect, HTML, broken JSON, too large
 *       ConnectionError          no connection, or it broke
 *       TlsError                 the certificate was refused
 *       TimeoutError             too slow
 *       OutcomeUnknownError      a create or other action that may have been done
 *       PaginationError          the list cannot be read completely
 *       CancelledError           the caller gave up
 *       InternalError            a bug in the library
 */

import type { BulkRow } from './bulk.js';
import { native } from './native.js';
import type { RecordId } from './values.js';

/** The stable word for what went wrong. */
export type ErrorCode = keyof typeof classes;

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
}

export interface EgitoError extends ErrorDetails {}

/** Every error of this library. Decide by its class or its `code`, never by its message. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the constructor assigns the details that there are
export abstract class EgitoError extends Error {
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

/** A cause may be anything that a signal was given as its reason. */
function told(cause: unknown): unknown {
  return cause instanceof Error ? String(cause) : typeof cause === 'object' && cause !== null ? undefined : cause;
}

/** A setting or argument is missing, unknown or wrong (`setting`); nothing was sent. */
export class ConfigError extends EgitoError {
  override readonly code = 'config';
}

/** The login was refused (`oauthError`, `oauthDescription`). It is never repeated: that could lock the account. */
export class AuthError extends EgitoError {
  override readonly code = 'auth';
}

/** The user or the integration lacks a right (`category`). */
export class PermissionError extends EgitoError {
  override readonly code = 'permission';
}

/** There is no record with this `id`. */
export class NotFoundError extends EgitoError {
  override readonly code = 'not_found';
}

/** The server complains about the record (`errors`). */
export class ValidationError extends EgitoError {
  override readonly code = 'validation';
}

/** Too many requests, still so after the last attempt (`retryAfter`). */
export class RateLimitedError extends EgitoError {
  override readonly code = 'rate_limited';
}

/** The server failed, still so after the last attempt (`status`, `bodyStart`). */
export class ServerError extends EgitoError {
  override readonly code = 'server';
}

/** The answer is none that Egito gives (`status`, `contentType`, `bodyStart`). */
export class UnexpectedResponseError extends EgitoError {
  override readonly code = 'unexpected_response';
}

/** There was no connection, or it broke (`cause`). */
export class ConnectionError extends EgitoError {
  override readonly code = 'connection';
}

/** The server's certificate was refused (`cause`). */
export class TlsError extends EgitoError {
  override readonly code = 'tls';
}

/** Too slow (`limit`). Never for a create that may have been done. */
export class TimeoutError extends EgitoError {
  override readonly code = 'timeout';
}

/** A create or other action whose answer was lost: it may have been done (`record`). Look before you repeat it. */
export class OutcomeUnknownError extends EgitoError {
  override readonly code = 'outcome_unknown';
}

/** The list cannot be read completely (`seen`). */
export class PaginationError extends EgitoError {
  override readonly code = 'pagination';
}

/** The caller gave up; `cause` is the reason of the signal. Of a bulk that gives all rows at once, `rows` are those known by then. */
export class CancelledError extends EgitoError {
  override readonly code = 'cancelled';
  /** The rows of a bulk that are known, those of the calls under way included. */
  declare readonly rows?: readonly BulkRow[];
}

/** A bug in the library (`cause`); please report it. */
export class InternalError extends EgitoError {
  override readonly code = 'internal';
}

const classes = {
  config: ConfigError,
  auth: AuthError,
  permission: PermissionError,
  not_found: NotFoundError,
  validation: ValidationError,
  rate_limited: RateLimitedError,
  server: ServerError,
  unexpected_response: UnexpectedResponseError,
  connection: ConnectionError,
  tls: TlsError,
  timeout: TimeoutError,
  outcome_unknown: OutcomeUnknownError,
  pagination: PaginationError,
  cancelled: CancelledError,
  internal: InternalError,
};

/** The class of each code. */
export const errorClasses: Readonly<typeof classes> = Object.freeze(classes);

for (const { prototype, name } of Object.values(classes)) {
  Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
}

/** The error that a record of the core describes. `reason` is why the caller gave up, if it did. */
export function errorFrom(record: Record<string, unknown>, reason?: unknown): EgitoError {
  const { code, number: _, message, errors, setting, ...details } = record as Record<string, unknown> & CoreError;
  const Class = classes[code];
  // The complaints of a server name its own fields.
  const text = Class === ValidationError ? message : message.replace(/`(\w+)`/g, (_, name) => `\`${ourName(name)}\``);
  return new Class(text, {
    ...camelCased(details),
    ...(setting !== null && { setting: ourName(setting) }),
    ...(Class === CancelledError && { cause: reason }),
    errors: errors.map(camelCased) as unknown as FieldError[],
  });
}

/** What every error of the core has. */
interface CoreError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly errors: Record<string, unknown>[];
  readonly setting: string | null;
}

const settingNames = new Map(native.settingNames());

/** What a setting of the core is called in JavaScript; other names stay. */
function ourName(name: string): string {
  return settingNames.get(name) ?? name;
}

/** The members that are there, in camelCase. */
export function camelCased(members: Record<string, unknown>): Record<string, unknown> {
  const there = Object.entries(members).filter(([, value]) => value !== null);
  return Object.fromEntries(there.map(([name, value]) => [camelCase(name), value]));
}

function camelCase(name: string): string {
  return name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
