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

import { getSystemErrorName } from 'node:util';
import type { BulkRow } from './bulk-types.js';
import {
  BaseError,
  type Certain,
  type EgitoError,
  type ErrorCode,
  type ErrorDetails,
  type FieldError,
} from './egito-error.js';

/** A setting or argument is missing, unknown or wrong (`setting`); nothing was sent. */
export class ConfigError extends BaseError {
  override readonly code = 'config';
}

/** The login was refused (`oauthError`, `oauthDescription`). It is never repeated: that could lock the account. */
export class AuthError extends BaseError {
  override readonly code = 'auth';
}

/** The user or the integration lacks a right (`category`). */
export class PermissionError extends BaseError {
  override readonly code = 'permission';
  /** HTTP status of the answer. */
  declare readonly status: Certain<'permission'>['status'];
}

/** There is no record with this `id`. */
export class NotFoundError extends BaseError {
  override readonly code = 'not_found';
}

/** The server complains about the record (`errors`). */
export class ValidationError extends BaseError {
  override readonly code = 'validation';
  /** The server's complaints. */
  declare readonly errors: Certain<'validation'>['errors'];
}

/** Too many requests, still so after the last attempt (`retryAfter`). */
export class RateLimitedError extends BaseError {
  override readonly code = 'rate_limited';
  /** HTTP status of the last answer. */
  declare readonly status: Certain<'rate_limited'>['status'];
}

/** The server failed, still so after the last attempt (`status`, `bodyStart`). */
export class ServerError extends BaseError {
  override readonly code = 'server';
  /** HTTP status of the last answer. */
  declare readonly status: Certain<'server'>['status'];
}

/** The answer is none that Egito gives (`status`, `contentType`, `bodyStart`). */
export class UnexpectedResponseError extends BaseError {
  override readonly code = 'unexpected_response';
}

/** There was no connection, or it broke (`cause`). */
export class ConnectionError extends BaseError {
  override readonly code = 'connection';
}

/** The server's certificate was refused (`cause`). */
export class TlsError extends BaseError {
  override readonly code = 'tls';
}

/** Too slow (`limit`). Never for a create that may have been done. */
export class TimeoutError extends BaseError {
  override readonly code = 'timeout';
  /** Which time limit was reached, in the words that all languages share. */
  declare readonly limit: Certain<'timeout'>['limit'];
}

/** A create or other action that may have been done: answer lost, 5xx, redirect … (`record`). Look before you repeat it. */
export class OutcomeUnknownError extends BaseError {
  override readonly code = 'outcome_unknown';
  /** What is known about the server's state: nothing. */
  declare readonly outcome: Certain<'outcome_unknown'>['outcome'];
}

/** The list cannot be read completely (`seen`). */
export class PaginationError extends BaseError {
  override readonly code = 'pagination';
  /** What was seen of the list. */
  declare readonly seen: Certain<'pagination'>['seen'];
}

/** The caller gave up; `cause` is the reason of the signal. Of a bulk that gives all rows at once, `rows` are those known by then. */
export class CancelledError extends BaseError {
  override readonly code = 'cancelled';
  /** The rows of a bulk that are known, those of the calls under way included. */
  declare readonly rows?: readonly BulkRow[];
}

/** A bug in the library (`cause`); please report it. */
export class InternalError extends BaseError {
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
} satisfies { readonly [C in ErrorCode]: ErrorClass<C> };

type ErrorClass<C> = new (message: string, details?: ErrorDetails & ErrorOptions) => BaseError & { readonly code: C };

/** The class of each code. */
export const errorClasses: Readonly<typeof classes> = Object.freeze(classes);

for (const { prototype, name } of Object.values(classes)) {
  Object.defineProperty(prototype, 'name', { value: name, writable: true, configurable: true });
}

/** The error that a record of the core describes. `reason` is why the caller gave up, if it did. */
export function errorFrom(record: Record<string, unknown>, reason?: unknown): EgitoError {
  const { code, number: _, message, errors, setting, ...details } = record as Record<string, unknown> & CoreError;
  const Class = classes[code];
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
