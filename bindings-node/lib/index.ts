/**
 * Client for the Egito CRM: accounts, contacts, opportunities, leads, and any other entity.
 *
 * @packageDocumentation
 */

export type { BulkFailure, BulkOptions, BulkRow, BulkSuccess, Inputs, Progress } from './bulk.js';
export { Client, type ClientOptions, type Stats } from './client.js';
export {
  type Change,
  Entity,
  type EntityCallOptions,
  type FilterValue,
  type Gathered,
  type ListOptions,
  type Rows,
  type Streamed,
} from './entity.js';
export {
  AuthError,
  CancelledError,
  ConfigError,
  ConnectionError,
  EgitoError,
  type ErrorCode,
  type ErrorDetails,
  errorClasses,
  type FieldError,
  InternalError,
  NotFoundError,
  type Outcome,
  OutcomeUnknownError,
  PaginationError,
  PermissionError,
  RateLimitedError,
  ServerError,
  TimeoutError,
  TlsError,
  UnexpectedResponseError,
  ValidationError,
} from './errors.js';
export type { EgitoEvent } from './events.js';
export { version } from './native.js';
export type { CallOptions } from './options.js';
export { type ArrayOptions, RecordList } from './record-list.js';
export type { Settings } from './settings.js';
export { type EgitoRecord, parse, type RecordId, stringify } from './values.js';
