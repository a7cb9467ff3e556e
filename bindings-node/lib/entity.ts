/** Entities of the CRM, and the calls for their records. */

import { bindMethods } from './bound-methods.js';
import {
  type AnyBulkOptions,
  type BulkOptions,
  type BulkRows,
  type CreateManyOptions,
  collectRows,
  type OpenBulk,
  type PlanUpsertOptions,
  prepareBulk,
  type RowIterator,
  streamRows,
  type UpsertManyOptions,
  type WriteBulkOptions,
} from './bulk.js';
import { APPLY_UPSERT, type BulkAction, CREATE, DELETE, GET, PLAN_UPSERT, UPDATE, UPSERT } from './bulk-actions.js';
import type { BulkRow, Change, Inputs, UpsertPlanRow, UpsertRow } from './bulk-types.js';
import { ChangeList } from './change-list.js';
import type { Decimal } from './decimal.js';
import { captureContext, keepContextFor } from './event-context.js';
import type { CallSettings } from './generated/settings.js';
import { idsToJson, idToJson, toJson } from './json-writer.js';
import type { KeyOptions } from './key-options.js';
import type { FoundOrCreated, Upserted } from './keyed-results.js';
import { type NativeClient, type NativeEntity, native } from './native.js';
import { nativeCall, unwrap } from './native-call.js';
import { CALL_OPTIONS, type CallOptions, checkOptions, type EntityCallOptions, settingsJson } from './options.js';
import type { EgitoRecord, FieldOf, RecordId } from './record.js';
import { RecordList } from './record-list.js';
import { requireString } from './values.js';
import { EntityWithResponse } from './with-response.js';
import { withSettings } from './with-settings.js';

/** A value that a field of a record must have to match a filter. */
export type FilterValue = string | number | bigint | boolean | Date | Decimal;

/** The filter of a field: one value, or several values of which one must match. */
export type Filter = FilterValue | readonly FilterValue[];

/** Filters of type `F` by fields of records of type `T`. */
export type Filters<T, F> = {
  readonly [K in keyof F]: string extends keyof F ? Filter : K extends FieldOf<T> ? Filter : never;
};

/** Options of a list of records of type `T`. `F` is the type of its filters, which may be an interface. */
export interface ListOptions<T extends object = EgitoRecord, F extends object = Readonly<Record<string, Filter>>>
  extends CallOptions {
  /**
   * Filters, sent to the server unchanged. An empty value (`undefined`, `null`, `''`, an empty array) is a `ConfigError`, since a
   * server may ignore it and send every record.
   */
  readonly filters?: Filters<T, F> | ReadonlyMap<string, Filter> | undefined;
  /** Field to sort by, instead of the setting `defaultSort`. */
  readonly sort?: FieldOf<T> | undefined;
  /** Sort order: `asc` (default) or `desc`. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** Maximum number of records. No more are requested from the server. 0 is an empty list. */
  readonly limit?: number | undefined;
  /** Number of records of the server's list to skip. With `limit` it is a range, so that several processes can share a list. */
  readonly start?: number | undefined;
  /** Records requested per page, instead of the setting `pageSize`. */
  readonly pageSize?: number | undefined;
}

/** Options of {@link Entity.changes}. `F` is the type of the filters, which may be an interface. */
export interface ChangesOptions<T extends object = EgitoRecord, F extends object = Readonly<Record<string, Filter>>>
  extends Pick<ListOptions<T, F>, 'filters' | 'pageSize' | keyof CallOptions> {
  /** The `mark` of the list before, to continue after it. Without one, all records are returned. */
  readonly since?: string | null | undefined;
  /** Field that the server sets to the time of each change, or to a growing number. Default: `lastUpdated`. */
  readonly by?: FieldOf<T> | undefined;
  /**
   * For how long the server may commit a change after its time, or the clocks of its parts may differ. Records that are older than
   * the mark by up to `lagMs` are read again, and returned only if they have changed. Default: 300,000.
   */
  readonly lagMs?: number | undefined;
}

/** An entity, a kind of record in the CRM such as `Account`. Created by {@link Client.entity}; `T` is the type of its records. */
export class Entity<T extends object = EgitoRecord> {
  /** Name of the entity in the API. */
  readonly name: string;

  readonly #client: NativeClient;
  readonly #native: NativeEntity;

  /** @internal */
  constructor(client: NativeClient, name: string) {
    this.name = requireString(name, 'entity');
    this.#client = client;
    const entity = client.entity(name);
    this.#native = 'create' in entity ? entity : unwrap<never>(entity);
    bindMethods(this, Entity.prototype);
  }

  /** Returns the entity with other settings for its calls, see {@link Client.withOptions}. */
  withOptions(settings: CallSettings): Entity<T> {
    return new Entity<T>(withSettings(this.#client, settings), this.name);
  }

  /**
   * Returns the entity for calls that return an {@link EgitoResponse}: the result with HTTP status, headers and attempts.
   * {@link RecordList.withResponse} does the same for the pages of a list. Bulks return no responses: use events to see their status.
   *
   * ```js
   * const { value: id, status, headers } = await client.leads.withResponse().create({ lastName: 'Ryś' });
   * console.log(id, status, headers.get('x-request-id'));
   * ```
   */
  withResponse(): EntityWithResponse<T> {
    return new EntityWithResponse<T>(this.#native, this.name);
  }

  /**
   * Creates a record and returns its id. The call is retried only if the record was certainly not created.
   *
   * Rejects with `ValidationError` (the field errors are in `errors`), or with `OutcomeUnknownError` if the record may have been
   * created (the response was lost, 5xx, …).
   */
  async create(record: Partial<T>, options: CallOptions = {}): Promise<RecordId> {
    const checked = checkOptions(options, ...CALL_OPTIONS);
    return nativeCall((callId, context) => this.#native.create(callId, toJson(record, 'record'), context), checked);
  }

  /**
   * Finds the record with the key of `record`, or creates it. Call it again after any error: it creates no second record with this key.
   *
   * ```js
   * const lead = { formKey: '2026-11-27-0017', lastName: 'Ryś' };
   * const { id, created } = await client.leads.createOnce(lead, { key: 'formKey' });
   * console.log(created ? 'created' : 'found', id);
   * ```
   *
   * Calls with the same key wait for each other: those of one client, and with a `tokenStore` those of all processes that share it.
   * The whole call takes at most `timeoutMs`.
   *
   * Rejects with `ConfigError` if a field of the key is missing or empty (`setting` is `key`), or if the server ignores the filter
   * (`lookup`); with `OutcomeUnknownError` if the record may have been created, but was not found in time; and like {@link create}.
   */
  async createOnce(record: Partial<T>, options: KeyOptions<FieldOf<T>>): Promise<FoundOrCreated> {
    return this.#keyed(this.#native.createOnce, record, options);
  }

  /**
   * Finds the record with the key of `record`. Creates it if there is none, or updates only the fields that differ. Call it again after
   * any error, as {@link createOnce}.
   *
   * ```js
   * const account = { nip: '5250001009', name: 'Żubr sp. z o.o.', city: 'Kraków' };
   * const { id, change, fields } = await client.accounts.upsert(account, { key: 'nip' });
   * console.log(id, change, fields);
   * ```
   *
   * Values are compared as servers store them: `' Żubr '` is `'Żubr'`, `''` is `null`, `7` is `'7'`, and a time in another offset is the
   * same time. A date without a time always counts as different, since servers return it as a time in their zone.
   *
   * Rejects like {@link createOnce} and {@link update}.
   */
  async upsert(record: Partial<T>, options: KeyOptions<FieldOf<T>>): Promise<Upserted> {
    return this.#keyed(this.#native.upsert, record, options);
  }

  /** Returns a record. Rejects with `NotFoundError` if there is no record with this id. */
  async get(id: RecordId, options: CallOptions = {}): Promise<T> {
    const checked = checkOptions(options, ...CALL_OPTIONS);
    return nativeCall((callId, context) => this.#native.get(callId, idToJson(id), context), checked);
  }

  /** Changes the given fields of a record and returns its id. */
  async update(id: RecordId, fields: Partial<T>, options: CallOptions = {}): Promise<RecordId> {
    const checked = checkOptions(options, ...CALL_OPTIONS);
    return nativeCall(
      (callId, context) => this.#native.update(callId, idToJson(id), toJson(fields, 'record'), context),
      checked,
    );
  }

  /** Deletes a record and returns its id. */
  async delete(id: RecordId, options: CallOptions = {}): Promise<RecordId> {
    const checked = checkOptions(options, ...CALL_OPTIONS);
    return nativeCall((callId, context) => this.#native.delete(callId, idToJson(id), context), checked);
  }

  /**
   * Returns the records of the entity as a lazy list.
   *
   * ```js
   * for await (const account of client.accounts.list({ filters: { city: 'Kraków' } })) console.log(account.name);
   * ```
   */
  list<F extends object = Readonly<Record<string, Filter>>>(options: ListOptions<T, F> = {}): RecordList<T> {
    const names = [...CALL_OPTIONS, 'filters', 'sort', 'order', 'pageSize', 'limit', 'start'] as const;
    const { signal, timeoutMs, maxRetries, headers, ...selection } = checkOptions(options, ...names);
    const callOptions = { signal, timeoutMs, maxRetries, headers };
    if (selection.filters !== undefined) {
      selection.filters = withNulls(selection.filters) as typeof selection.filters;
    }
    return new RecordList<T>((...args) => this.#native.list(...args), selection, callOptions);
  }

  /**
   * Returns the records that were created or changed since an earlier list, as a lazy list, the newest first. After it was read to its
   * end, its `mark` is the `since` of the next one. It does not show deleted records, see {@link deleted}.
   *
   * ```js
   * const changes = client.accounts.changes({ since: mark });
   * for await (const account of changes) console.log(account.name);
   * mark = changes.mark;
   * ```
   *
   * Rejects with `PaginationError` if the server does not send the newest records first.
   */
  changes<F extends object = Readonly<Record<string, Filter>>>(options: ChangesOptions<T, F> = {}): ChangeList<T> {
    const names = [...CALL_OPTIONS, 'filters', 'pageSize', 'since', 'by', 'lagMs'] as const;
    const { signal, timeoutMs, maxRetries, headers, filters, pageSize, ...changes } = checkOptions(options, ...names);
    const callOptions = { signal, timeoutMs, maxRetries, headers };
    const selection = { filters: filters && withNulls(filters), pageSize, changes };
    return new ChangeList<T>((...args) => this.#native.list(...args), selection, callOptions);
  }

  /** Returns the ids of all records. The server sends whole records, of which nothing else is kept. */
  async ids(options: CallOptions = {}): Promise<RecordId[]> {
    const checked = checkOptions(options, ...CALL_OPTIONS);
    return nativeCall((callId, context) => this.#native.ids(callId, context), checked);
  }

  /**
   * Returns those of the given ids whose records do not exist any more, each once, in the given order. It reads the whole list if there
   * are more than a few ids, and requests each record that the list lacks. `7` and `'7'` are the same id here.
   *
   * ```js
   * for (const id of await client.accounts.deleted(copies.keys())) copies.delete(id);
   * ```
   */
  async deleted(knownIds: Iterable<RecordId>, options: CallOptions = {}): Promise<RecordId[]> {
    const checked = checkOptions(options, ...CALL_OPTIONS);
    return nativeCall((callId, context) => this.#native.deleted(callId, idsToJson(knownIds), context), checked);
  }

  /**
   * Creates many records, one call each, and returns one row for each, in order. A failed call does not stop the others: its row has
   * the error.
   *
   * ```js
   * for (const { ok, index, error } of await client.leads.createMany(leads)) if (!ok) console.log(index, error.message);
   * ```
   *
   * No row is lost if the bulk ends early: the `CancelledError` of an abort, or the error that `records` or `onProgress` threw, has
   * all rows known by then as `rows`, those of the calls in flight included. For rows in constant memory see {@link streamCreateMany}.
   */
  createMany(records: Inputs<Partial<T>>, options: CreateManyOptions<FieldOf<T>> = {}): Promise<BulkRow<Partial<T>>[]> {
    return this.#collect<Partial<T>, BulkRow<Partial<T>>>(CREATE, records, options);
  }

  /**
   * Creates many records like {@link createMany}, but returns the rows one after the other, in constant memory.
   *
   * ```js
   * for await (const { ok, index, error } of client.leads.streamCreateMany(leads)) if (!ok) console.log(index, error.message);
   * ```
   *
   * Nothing is sent before the first row is read. Inputs are read only while a row is awaited: at most `concurrency` more than rows
   * were read, and at most 16 times as many while a row waits for a slow call.
   *
   * Leaving the loop cancels the bulk: it reads no further input, waits for the calls in flight, at most `cancelGraceMs`, and keeps
   * their rows for {@link RowIterator.rest}. An error that `records` throws comes after the rows of the calls in flight.
   */
  streamCreateMany(records: Inputs<Partial<T>>, options: CreateManyOptions<FieldOf<T>> = {}): BulkRows<Partial<T>> {
    return this.#stream<Partial<T>, BulkRow<Partial<T>>>(CREATE, records, options);
  }

  /** Reads many records by their ids, and returns one row for each, see {@link createMany}. */
  getMany(ids: Inputs<RecordId>, options: BulkOptions = {}): Promise<BulkRow<RecordId, T>[]> {
    return this.#collect<RecordId, BulkRow<RecordId, T>>(GET, ids, options);
  }

  /** Reads many records by their ids, and returns the rows one after the other, see {@link streamCreateMany}. */
  streamGetMany(ids: Inputs<RecordId>, options: BulkOptions = {}): BulkRows<RecordId, T> {
    return this.#stream<RecordId, BulkRow<RecordId, T>>(GET, ids, options);
  }

  /** Changes many records, given as pairs of an id and the changed fields (such as a `Map`), see {@link createMany}. */
  updateMany(changes: Inputs<Change<T>>, options: WriteBulkOptions = {}): Promise<BulkRow<Change<T>>[]> {
    return this.#collect<Change<T>, BulkRow<Change<T>>>(UPDATE, changes, options);
  }

  /** Changes many records like {@link updateMany}, and returns the rows one after the other, see {@link streamCreateMany}. */
  streamUpdateMany(changes: Inputs<Change<T>>, options: WriteBulkOptions = {}): BulkRows<Change<T>> {
    return this.#stream<Change<T>, BulkRow<Change<T>>>(UPDATE, changes, options);
  }

  /** Deletes many records by their ids, and returns one row for each, see {@link createMany}. */
  deleteMany(ids: Inputs<RecordId>, options: WriteBulkOptions = {}): Promise<BulkRow<RecordId>[]> {
    return this.#collect<RecordId, BulkRow<RecordId>>(DELETE, ids, options);
  }

  /** Deletes many records by their ids, and returns the rows one after the other, see {@link streamCreateMany}. */
  streamDeleteMany(ids: Inputs<RecordId>, options: WriteBulkOptions = {}): BulkRows<RecordId> {
    return this.#stream<RecordId, BulkRow<RecordId>>(DELETE, ids, options);
  }

  /**
   * Creates or updates many records like {@link upsert}, and returns one row for each, see {@link createMany}. A row has the `change`,
   * the updated `fields` and the `duplicates`.
   *
   * ```js
   * for (const row of await client.accounts.upsertMany(accounts, { key: 'nip' })) console.log(row.change ?? row.error.message);
   * ```
   *
   * With the default `lookup`, `auto`, it requests a list that is filtered by the key for each of the first records, and reads the
   * whole list once if there are many. Two records with the same key are not raced: the row of the second one has a `ConfigError`.
   */
  upsertMany(records: Inputs<Partial<T>>, options: UpsertManyOptions<FieldOf<T>>): Promise<UpsertRow<Partial<T>>[]> {
    return this.#collect<Partial<T>, UpsertRow<Partial<T>>>(UPSERT, records, options);
  }

  /** Creates or updates many records like {@link upsertMany}, and returns the rows one after the other, see {@link streamCreateMany}. */
  streamUpsertMany(
    records: Inputs<Partial<T>>,
    options: UpsertManyOptions<FieldOf<T>>,
  ): RowIterator<UpsertRow<Partial<T>>> {
    return this.#stream<Partial<T>, UpsertRow<Partial<T>>>(UPSERT, records, options);
  }

  /**
   * Returns what {@link upsertMany} would do, and writes nothing: a row has the `change`, and as `record` what would be written. Pass
   * the rows, or some of them, to {@link applyUpsert}.
   *
   * ```js
   * const plan = await client.accounts.planUpsert(accounts, { key: 'nip' });
   * await client.accounts.applyUpsert(plan.filter(({ change }) => change === 'updated'), { key: 'nip' });
   * ```
   */
  planUpsert(records: Inputs<Partial<T>>, options: PlanUpsertOptions<FieldOf<T>>): Promise<UpsertPlanRow<T>[]> {
    return this.#collect<Partial<T>, UpsertPlanRow<T>>(PLAN_UPSERT, records, options);
  }

  /**
   * Does what the rows of {@link planUpsert} say, and returns one row for each. A record that was created in the meantime is not
   * created again. The row of an input that failed in the plan has a `ConfigError`.
   */
  applyUpsert(
    plan: Inputs<UpsertPlanRow<T>>,
    options: UpsertManyOptions<FieldOf<T>>,
  ): Promise<UpsertRow<UpsertPlanRow<T>>[]> {
    return this.#collect<UpsertPlanRow<T>, UpsertRow<UpsertPlanRow<T>>>(APPLY_UPSERT, plan, options);
  }

  /** Runs a custom action of the API, such as `print`, and returns its result unchanged. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows the result of the action
  async call<R = any>(action: string, params: object = {}, options: EntityCallOptions = {}): Promise<R> {
    const { method = 'POST', ...callOptions } = checkOptions(options, ...CALL_OPTIONS, 'method');
    return nativeCall((callId, context) => {
      requireString(method, 'method');
      requireString(action, 'action');
      this.#native.call(callId, action, toJson(params, 'params'), method, context);
    }, callOptions);
  }

  #keyed<R>(start: NativeEntity['upsert'], record: Partial<T>, options: KeyOptions<FieldOf<T>>): Promise<R> {
    const names = [...CALL_OPTIONS, 'key', 'settleMs', 'lookup'] as const;
    const { key, settleMs, lookup, ...callOptions } = checkOptions(options, ...names);
    return nativeCall((callId, context) => {
      const json = toJson({ key, settleMs, lookup }, 'options');
      start.call(this.#native, callId, toJson(record, 'record'), json, context);
    }, callOptions);
  }

  #collect<I, Row>(action: BulkAction<I>, inputs: Inputs<I>, options: AnyBulkOptions): Promise<Row[]> {
    const callerStack = stackAbove(this.#collect);
    return collectRows(() => prepareBulk<I, Row>(this.#openBulk(action), action, inputs, options, true, callerStack));
  }

  #stream<I, Row>(action: BulkAction<I>, inputs: Inputs<I>, options: AnyBulkOptions): RowIterator<Row> {
    const callerStack = stackAbove(this.#stream);
    return streamRows(prepareBulk<I, Row>(this.#openBulk(action), action, inputs, options, false, callerStack));
  }

  #openBulk<I>(action: BulkAction<I>): OpenBulk {
    return (options, keepAllRows, reportProgress, callOptions) => {
      const settings = settingsJson(callOptions);
      const tag = captureContext();
      const needsContext = settings !== undefined || tag !== undefined;
      const context = needsContext ? new native.NativeContext(settings, tag) : undefined;
      const json = toJson(options, 'options');
      const bulk = this.#native.bulk(action.name, json, keepAllRows, reportProgress, context);
      keepContextFor(bulk, tag);
      return 'step' in bulk ? bulk : unwrap<never>(bulk);
    };
  }
}

/** Returns the filters with `null` for `undefined`, which JSON would omit: an empty filter must be an error. */
function withNulls(filters: object): object {
  if (filters instanceof Map) {
    return new Map([...filters].map(([name, value]) => [name, orNull(value)]));
  }
  const entries = typeof filters === 'object' && filters !== null ? Object.entries(filters) : [];
  const hasUndefined = entries.some(([, value]) => [value].flat().includes(undefined));
  return hasUndefined ? Object.fromEntries(entries.map(([name, value]) => [name, orNull(value)])) : filters;
}

function orNull(value: unknown): unknown {
  return Array.isArray(value) ? value.map(orNull) : (value ?? null);
}

/** Returns the stack without `callee` and the functions that it called. */
function stackAbove(callee: (...args: never[]) => unknown): string {
  const target: { stack?: string } = {};
  Error.captureStackTrace(target, callee);
  return String(target.stack).replace(/^.*/, '');
}
