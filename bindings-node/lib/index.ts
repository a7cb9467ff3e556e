/**
 * Client for the Egito CRM: accounts, contacts, opportunities, leads, and any other entity.
 *
 * @packageDocumentation
 */

export type {
  BulkOptions,
  BulkRows,
  CreateManyOptions,
  PlanUpsertOptions,
  RowIterator,
  UpsertManyOptions,
  WriteBulkOptions,
} from './bulk.js';
export type {
  BulkFailure,
  BulkRow,
  BulkSuccess,
  Change,
  Inputs,
  PlannedUpsert,
  Progress,
  UpsertPlanRow,
  UpsertRow,
  UpsertSuccess,
} from './bulk-types.js';
export { ChangeList } from './change-list.js';
export { Client, type ClientOptions, type Stats } from './client.js';
export { Decimal } from './decimal.js';
export { type BaseError, EgitoError, type ErrorBase, type ErrorOf, type Outcome } from './egito-error.js';
export {
  type ChangesOptions,
  Entity,
  type Filter,
  type Filters,
  type FilterValue,
  type ListOptions,
} from './entity.js';
export type { EgitoEvent } from './events.js';
export type { FieldError } from './field-error.js';
export * from './generated/error-classes.js';
export type { ErrorCode, ErrorDetails, Guaranteed, GuaranteedDetails } from './generated/error-types.js';
export type { CallSettings, Settings, WireSettings } from './generated/settings.js';
export type { DisposableIterator } from './iterators.js';
export { type ParseOptions, parse, stringify } from './json.js';
export type { KeyOptions } from './key-options.js';
export type { FoundOrCreated, UpsertChange, Upserted } from './keyed-results.js';
export type { LoadErrorCode } from './load-error.js';
export { version } from './native.js';
export type { CallOptions, EntityCallOptions } from './options.js';
export {
  type DeliverOptions,
  type Delivery,
  type EntryQuery,
  type EntryState,
  Outbox,
  type OutboxCounts,
  type OutboxEntry,
  type OutboxOptions,
  type PutOptions,
} from './outbox.js';
export { type ProbeCheck, type ProbeOptions, ProbeReport } from './probe.js';
export type { EgitoRecord, FieldOf, RecordId, RecordOf, UnknownRecord } from './record.js';
export { type ArrayOptions, RecordList } from './record-list.js';
export type { EgitoResponse } from './response.js';
export { EntityWithResponse, RecordListWithResponse } from './with-response.js';
