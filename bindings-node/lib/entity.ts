/** One entity of the CRM and what can be done to its records. */

import { ask, resultOf } from './ask.js';
import { bindMethods } from './bound-methods.js';
import { type Begin, type BulkOptions, type BulkRows, bulk } from './bulk.js';
import type { BulkAction } from './bulk-calls.js';
import type { BulkRow, Inputs } from './bulk-types.js';
import { withSettings } from './call-settings.js';
import type { Decimal } from './decimal.js';
import { contextTag, keepWith } from './event-context.js';
import type { CallSettings } from './generated/settings.js';
import { idToJson, toJson } from './json-writer.js';
import { type NativeClient, type NativeEntity, native } from './native.js';
import { CALL, type CallOptions, type EntityCallOptions, options, settingsOf } from './options.js';
import type { EgitoRecord, FieldOf, RecordId } from './record.js';
import { RecordList } from './record-list.js';
import { named, text, wrong } from './values.js';
import { EntityWithResponse } from './with-response.js';

/** One value that a field of the wanted records holds. */
export type FilterValue = string | number | bigint | boolean | Date | Decimal;

/** What a list is filtered by: a value, or several of which any will do. */
export type Filter = FilterValue | readonly FilterValue[];

/** Filters of an object of the type `F` by fields of records of the type `T`. */
export type Filters<T, F> = {
  readonly [K in keyof F]: string extends keyof F ? Filter : K extends FieldOf<T> ? Filter : never;
};

/** Which records of the type `T` a list has, and how it is read. `F` is the type of its filters, which may be an interface. */
export interface ListOptions<T extends object = EgitoRecord, F extends object = Readonly<Record<string, Filter>>>
  extends CallOptions {
  /**
   * Handed to the server as they are. An empty value (`undefined`, `null`, `''`, an empty array) is refused with
   * `ConfigError`: a server may ignore it and send every record.
   */
  readonly filters?: Filters<T, F> | ReadonlyMap<string, Filter> | undefined;
  /** The field to sort by, instead of the setting `defaultSort`. */
  readonly sort?: FieldOf<T> | undefined;
  /** `asc` (default) or `desc`. */
  readonly order?: 'asc' | 'desc' | undefined;
  /** Most records; the server is asked for no more. 0 is an empty list. */
  readonly limit?: number | undefined;
  /** How many rows of the server's list come before the first record; with `limit` a part that others can share. */
  readonly start?: number | undefined;
  /** Records asked for in one request, instead of the setting `pageSize`. */
  readonly pageSize?: number | undefined;
}

/** One input of an `updateMany`: which record, and its changed fields. */
export type Change<T extends object = EgitoRecord> = readonly [id: RecordId, fields: Partial<T>];

/** The form of a bulk that gives its rows one after the other. */
export interface Streamed {
  /** See {@link BulkOptions}. */
  readonly stream: true;
}

/** The form of a bulk that gives all rows at the end. */
export interface Gathered {
  /** See {@link BulkOptions}. */
  readonly stream?: false | undefined;
}

/** What a bulk gives where the compiler cannot know its form. */
export type Rows<I, R = undefined> = Promise<BulkRow<I, R>[]> | BulkRows<I, R>;

/** A kind of thing in the CRM, such as `Account`. Made by {@link Client.entity}; `T` is what its records look like. */
export class Entity<T extends object = EgitoRecord> {
  /** Its name in the API. */
  readonly name: string;

  readonly #client: NativeClient;
  readonly #native: NativeEntity;

  /** @internal */
  constructor(client: NativeClient, name: string) {
    this.name = text(name, 'entity');
    this.#client = client;
    const entity = client.entity(name);
    this.#native = 'create' in entity ? entity : resultOf<never>(entity);
    bindMethods(this, Entity.prototype);
  }

  /** Returns the same entity, whose calls have other settings, see {@link Client.withOptions}. */
  withOptions(settings: CallSettings): Entity<T> {
    return new Entity<T>(withSettings(this.#client, settings), this.name);
  }

  /**
   * Returns the entity for calls that give an {@link EgitoResponse}: the result with HTTP status, headers and attempts.
   * {@link RecordList.withResponse} does the same for the pages of a list. Calls of a bulk keep no response: events tell their
   * status.
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
   * Saves a new record and gives its id. It is sent again only where it surely was not done.
   *
   * Rejects with `ValidationError` (the server's complaints are its `errors`), or `OutcomeUnknownError` where
   * it may have been done (answer lost, 5xx, …).
   */
  async create(record: Partial<T>, given: CallOptions = {}): Promise<RecordId> {
    const own = options(given, ...CALL);
    return ask((ticket, call) => this.#native.create(ticket, toJson(record, 'record'), call), own);
  }

  /** Reads one record. Rejects with `NotFoundError` where there is none with this id. */
  async get(id: RecordId, given: CallOptions = {}): Promise<T> {
    const own = options(given, ...CALL);
    return ask((ticket, call) => this.#native.get(ticket, idToJson(id), call), own);
  }

  /** Changes the given fields of a record and gives its id. */
  async update(id: RecordId, fields: Partial<T>, given: CallOptions = {}): Promise<RecordId> {
    const own = options(given, ...CALL);
    return ask((ticket, call) => this.#native.update(ticket, idToJson(id), toJson(fields, 'record'), call), own);
  }

  /** Deletes a record and gives its id. */
  async delete(id: RecordId, given: CallOptions = {}): Promise<RecordId> {
    const own = options(given, ...CALL);
    return ask((ticket, call) => this.#native.delete(ticket, idToJson(id), call), own);
  }

  /**
   * The entity's records, lazily.
   *
   * ```js
   * for await (const account of client.accounts.list({ filters: { city: 'Kraków' } })) console.log(account.name);
   * ```
   */
  list<F extends object = Readonly<Record<string, Filter>>>(given: ListOptions<T, F> = {}): RecordList<T> {
    const names = [...CALL, 'filters', 'sort', 'order', 'pageSize', 'limit', 'start'] as const;
    const { signal, timeoutMs, maxRetries, headers, ...selection } = options(given, ...names);
    const own = { signal, timeoutMs, maxRetries, headers };
    if (selection.filters !== undefined) {
      selection.filters = explicit(selection.filters) as typeof selection.filters;
    }
    return new RecordList<T>((...args) => this.#native.list(...args), selection, own);
  }

  /**
   * Saves many new records, one call each. One that fails does not stop the others: its row says why.
   *
   * ```js
   * for (const { ok, index, error } of await client.leads.createMany(leads)) if (!ok) console.log(index, error.message);
   * ```
   *
   * With `{ stream: true }` the rows come one after the other, and inputs are taken only as they are needed: behind a slow
   * call at most 16 for each of the `concurrency` calls. Leaving the loop ends the bulk: it takes no further input, waits for
   * the calls in flight, at most `cancelGraceMs`, and keeps their rows for {@link BulkRows.rest}. An error that `records` throws
   * comes after the rows of the calls in flight.
   *
   * Without it, no row is lost if the bulk ends early: the `CancelledError` of an abort, and the very error that
   * `records` or `onProgress` threw, has all rows known by then as `rows`, those of the calls in flight included.
   */
  createMany(records: Inputs<Partial<T>>, given?: BulkOptions & Gathered): Promise<BulkRow<Partial<T>>[]>;
  createMany(records: Inputs<Partial<T>>, given: BulkOptions & Streamed): BulkRows<Partial<T>>;
  createMany(records: Inputs<Partial<T>>, given: BulkOptions): Rows<Partial<T>>;
  createMany(records: Inputs<Partial<T>>, given: BulkOptions = {}): unknown {
    const write = (record: Partial<T>) => [undefined, toJson(record, 'record')] as const;
    return this.#many({ name: 'create', write, read: idOf }, records, given);
  }

  /** Reads many records by their ids, see {@link createMany}. */
  getMany(ids: Inputs<RecordId>, given?: BulkOptions & Gathered): Promise<BulkRow<RecordId, T>[]>;
  getMany(ids: Inputs<RecordId>, given: BulkOptions & Streamed): BulkRows<RecordId, T>;
  getMany(ids: Inputs<RecordId>, given: BulkOptions): Rows<RecordId, T>;
  getMany(ids: Inputs<RecordId>, given: BulkOptions = {}): unknown {
    const read = (record: unknown) => ({ id: (record as { id: RecordId }).id, record });
    return this.#many({ name: 'get', write: writeId, read }, ids, given);
  }

  /** Changes many records, given as pairs of an id and the changed fields (a `Map` will do), see {@link createMany}. */
  updateMany(changes: Inputs<Change<T>>, given?: BulkOptions & Gathered): Promise<BulkRow<Change<T>>[]>;
  updateMany(changes: Inputs<Change<T>>, given: BulkOptions & Streamed): BulkRows<Change<T>>;
  updateMany(changes: Inputs<Change<T>>, given: BulkOptions): Rows<Change<T>>;
  updateMany(changes: Inputs<Change<T>>, given: BulkOptions = {}): unknown {
    const write = (change: Change<T>) => {
      if (!Array.isArray(change)) {
        throw wrong('changes', `a change is a pair [id, fields], not ${named(change)}`);
      }
      return [idToJson(change[0]), toJson(change[1], 'record')] as const;
    };
    return this.#many({ name: 'update', write, read: idOf }, changes, given);
  }

  /** Deletes many records by their ids, see {@link createMany}. */
  deleteMany(ids: Inputs<RecordId>, given?: BulkOptions & Gathered): Promise<BulkRow<RecordId>[]>;
  deleteMany(ids: Inputs<RecordId>, given: BulkOptions & Streamed): BulkRows<RecordId>;
  deleteMany(ids: Inputs<RecordId>, given: BulkOptions): Rows<RecordId>;
  deleteMany(ids: Inputs<RecordId>, given: BulkOptions = {}): unknown {
    return this.#many({ name: 'delete', write: writeId, read: idOf }, ids, given);
  }

  /** Any other action of the API. The answer is handed on as it is. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows what the action answers
  async call<R = any>(action: string, params: object = {}, given: EntityCallOptions = {}): Promise<R> {
    const { method = 'POST', ...own } = options(given, ...CALL, 'method');
    return ask((ticket, call) => {
      const [verb, json] = [text(method, 'method'), toJson(params, 'params')];
      this.#native.call(ticket, text(action, 'action'), json, verb, call);
    }, own);
  }

  #many<I, R>(action: BulkAction<I, R>, inputs: Inputs<I>, given: BulkOptions): unknown {
    const begin: Begin = (chosen, keepAllRows, reportProgress, own) => {
      const [settings, tag] = [settingsOf(own), contextTag()];
      const call = settings === undefined && tag === undefined ? undefined : new native.NativeCall(settings, tag);
      const json = toJson(chosen, 'options');
      const begun = this.#native.bulk(action.name, json, keepAllRows, reportProgress, call);
      keepWith(begun, tag);
      return 'step' in begun ? begun : resultOf<never>(begun);
    };
    return bulk(begin, action, inputs, given, linesAbove(this.#many));
  }
}

/** The filters with `null` for `undefined`, which JSON would leave out: an empty filter is refused, never ignored. */
function explicit(filters: object): object {
  if (filters instanceof Map) {
    return new Map([...filters].map(([name, value]) => [name, orNull(value)]));
  }
  const entries = typeof filters === 'object' && filters !== null ? Object.entries(filters) : [];
  const lacksValues = entries.some(([, value]) => [value].flat().includes(undefined));
  return lacksValues ? Object.fromEntries(entries.map(([name, value]) => [name, orNull(value)])) : filters;
}

function orNull(value: unknown): unknown {
  return Array.isArray(value) ? value.map(orNull) : (value ?? null);
}

/** An id as the input of a bulk. */
const writeId = (id: RecordId) => [idToJson(id)] as const;

/** The result of a call that gives an id. */
const idOf = (id: unknown) => ({ id: id as RecordId });

/** Who called the caller of this function, as lines of a stack. */
function linesAbove(caller: (...args: never[]) => unknown): string {
  const here: { stack?: string } = {};
  Error.captureStackTrace(here, caller);
  return String(here.stack).replace(/^.*/, '');
}
