/** The outbox: writes that are stored in a file first, and sent to the server later. */
/// <reference lib="esnext.disposable" preserve="true" />

import { bindMethods } from './bound-methods.js';
import type { EgitoError } from './egito-error.js';
import { errorFrom, withCamelCaseKeys } from './errors.js';
import { captureContext, keepContextFor } from './event-context.js';
import { idToJson, toJson } from './json-writer.js';
import type { KeyOptions } from './key-options.js';
import { type NativeOutbox, native } from './native.js';
import { nativeCall, unwrap } from './native-call.js';
import { CALL_OPTIONS, type CallOptions, checkOptions } from './options.js';
import type { FieldOf, RecordId, RecordOf } from './record.js';
import { configError, describe, requireString } from './values.js';

/** Options of {@link Client.outbox}. */
export interface OutboxOptions {
  /** Maximum number of calls in flight of a delivery. Default: 8. */
  readonly concurrency?: number | undefined;
  /** For how many days delivered entries are kept. During this time, putting a record with the same key does nothing. Default: 30. */
  readonly keepDays?: number | undefined;
  /** How a delivery looks for records, instead of the `lookup` of each entry. */
  readonly lookup?: PutOptions['lookup'];
}

/** Options of {@link Outbox.put} and {@link Outbox.putUpsert}. `F` is the type of the names of fields. */
export type PutOptions<F extends string = string> = Omit<KeyOptions<F>, keyof CallOptions>;

/** Options of {@link Outbox.deliver}. */
export interface DeliverOptions extends CallOptions {
  /** Maximum number of entries to send, at least 1. No limit by default. */
  readonly limit?: number | undefined;
}

/**
 * The state of an entry. `waiting`: it was not sent yet, or will be sent again. `sending`: a delivery sends it now. `refused`: the server
 * refused it, and it holds back later entries of its group. `unclear`: it may have been done, and is looked for before it is sent again.
 * `delivered`: it is done.
 */
export type EntryState = 'waiting' | 'sending' | 'refused' | 'unclear' | 'delivered';

/** An entry of an outbox: one write. Members that do not apply are not set. */
export interface OutboxEntry {
  /** Number of the entry in its outbox. */
  readonly id: number;
  /** Entity of the record. */
  readonly entity: string;
  /** Action to be done. */
  readonly action: 'create' | 'upsert' | 'update' | 'delete';
  /** State of the entry. */
  readonly state: EntryState;
  /** Names of the fields of the key; empty for an update and a delete. */
  readonly key: readonly string[];
  /** Id of the record: that of an update or a delete, and that of a delivered create or upsert. */
  readonly recordId?: RecordId;
  /** Record or fields to be sent; not set for a delete. */
  // biome-ignore lint/suspicious/noExplicitAny: the entries of an outbox have records of any entity
  readonly record?: any;
  /** How often it was sent, or may have been sent. */
  readonly attempts: number;
  /** Error of the last attempt. */
  readonly error?: EgitoError;
  /** When it was put, such as `2026-11-27T10:00:00.125Z`. */
  readonly createdAt: string;
  /** When it may be sent next, for an entry that is waiting or unclear and not held back by an earlier entry of its group. */
  readonly nextAttemptAt?: string;
  /** When it was delivered. */
  readonly deliveredAt?: string;
}

/** The number of entries in each state. */
export type OutboxCounts = { readonly [state in EntryState]: number };

/** The result of {@link Outbox.deliver}. Members that do not apply are not set. */
export interface Delivery {
  /** Number of entries that this call has delivered. */
  readonly delivered: number;
  /** Number of entries that the server refused in this call. */
  readonly refused: number;
  /** Number of entries of the outbox whose outcome is unclear. */
  readonly unclear: number;
  /** Number of entries of the outbox that are still waiting. */
  readonly waiting: number;
  /** When the next entry may be sent; not set if none can be sent by itself. */
  readonly nextAttemptAt?: string;
  /** Why the outbox is paused: the server is down, or refuses the login. */
  readonly pausedBy?: EgitoError;
}

/** Which entries {@link Outbox.entries} returns. */
export interface EntryQuery {
  /** State of the entries. Default: all. */
  readonly state?: EntryState | undefined;
  /** Maximum number of entries. Default: 100. */
  readonly limit?: number | undefined;
  /** Selects the entries with a larger id, to read more than `limit`. */
  readonly after?: number | undefined;
}

/** Outboxes that were started. They are kept even if the program keeps no reference to them, since they still have work to do. */
const started = new Set<object>();

/**
 * Writes that are stored in a file first, and sent to the server later: once, and in order. Created by {@link Client.outbox}. Any number
 * of processes and worker threads of one machine can use the same file at the same time.
 *
 * ```js
 * const outbox = client.outbox('egito-outbox.db');
 * await outbox.put('Lead', { formKey: '2026-11-27-0017', lastName: 'Ryś' }, { key: 'formKey' }); // on the disk; the server may be down
 * const { delivered, waiting } = await outbox.deliver(); // in this process or another one, now or later
 * ```
 *
 * Entries whose key or id is the same form a group: they are sent one after the other, in the order in which they were put. An entry
 * that the server refused holds back the later ones of its group.
 *
 * Every method rejects with `ConfigError` (setting `outbox`) if the file cannot be read or written: it is read-only, damaged, locked for
 * long, or the disk is full. `R` has the record types of entities, as for a {@link Client}.
 */
// biome-ignore lint/complexity/noBannedTypes: by default no record type is known
export class Outbox<R extends object = {}> {
  readonly #native: NativeOutbox;

  /** @internal */
  constructor(outbox: NativeOutbox) {
    this.#native = outbox;
    bindMethods(this, Outbox.prototype);
  }

  /**
   * Stores a record to be created, and returns the id of its entry. The entry is on the disk then: it is delivered even if the program or
   * the machine fails now. Putting the same key again returns the id of the entry that is there, whatever its state.
   */
  async put<N extends string>(
    entity: N,
    record: Partial<RecordOf<R, N>>,
    options: PutOptions<FieldOf<RecordOf<R, N>>>,
  ): Promise<number> {
    const key = keyJson(options);
    return this.#call((callId) =>
      this.#native.put(callId, requireString(entity, 'entity'), toJson(record, 'record'), key),
    );
  }

  /**
   * Stores a record to be created or, if one with this key exists by then, to be updated, see {@link Entity.upsert}. Every call stores
   * an entry of its own, and returns its id.
   */
  async putUpsert<N extends string>(
    entity: N,
    record: Partial<RecordOf<R, N>>,
    options: PutOptions<FieldOf<RecordOf<R, N>>>,
  ): Promise<number> {
    const key = keyJson(options);
    return this.#call((callId) =>
      this.#native.putUpsert(callId, requireString(entity, 'entity'), toJson(record, 'record'), key),
    );
  }

  /** Stores fields of a record to be updated, and returns the id of the entry. */
  async putUpdate<N extends string>(entity: N, id: RecordId, fields: Partial<RecordOf<R, N>>): Promise<number> {
    return this.#call((callId) => {
      this.#native.putUpdate(callId, requireString(entity, 'entity'), idToJson(id), toJson(fields, 'record'));
    });
  }

  /** Stores the id of a record to be deleted, and returns the id of the entry. */
  async putDelete(entity: string, id: RecordId): Promise<number> {
    return this.#call((callId) => this.#native.putDelete(callId, requireString(entity, 'entity'), idToJson(id)));
  }

  /**
   * Sends the entries that are due, and resolves when none is due any more. Several deliveries can run at the same time, also in several
   * processes. An aborted delivery takes no further entries, waits some seconds for its calls in flight, and rejects with
   * `CancelledError`. Errors of entries are in the entries.
   *
   * An entry that may have been sent before is looked for by its key before it is sent again. While the server is down or refuses the
   * login, the outbox is paused: this resolves at once, and the entries keep waiting.
   */
  async deliver(options: DeliverOptions = {}): Promise<Delivery> {
    const { limit, ...callOptions } = checkOptions(options, ...CALL_OPTIONS, 'limit');
    if (limit !== undefined) {
      requireCount(limit, 'limit');
    }
    const delivery = await nativeCall<object>(
      (callId, context) => this.#native.deliver(callId, limit, context),
      callOptions,
    );
    return deliveryOf(delivery);
  }

  /** Returns entries in the order of their ids. */
  async entries(query: EntryQuery = {}): Promise<OutboxEntry[]> {
    const json = toJson(checkOptions(query, 'state', 'limit', 'after'), 'options');
    const entries = await this.#call<object[]>((callId) => this.#native.entries(callId, json));
    return entries.map(entryOf);
  }

  /** Returns an entry. Rejects with `NotFoundError` if the outbox has no entry with this id. */
  async get(id: number): Promise<OutboxEntry> {
    return entryOf(await this.#call<object>((callId) => this.#native.get(callId, requireCount(id, 'id'))));
  }

  /** Returns the number of entries in each state. */
  async counts(): Promise<OutboxCounts> {
    return this.#call((callId) => this.#native.counts(callId));
  }

  /**
   * Makes an entry due now, also one that the server refused, and ends a pause of the outbox. Rejects with `NotFoundError`, or with
   * `ConfigError` (setting `id`) if the entry is delivered or is sent just now.
   */
  async retry(id: number): Promise<void> {
    await this.#call((callId) => this.#native.retry(callId, requireCount(id, 'id')));
  }

  /**
   * Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same. Rejects with
   * `NotFoundError`, or with `ConfigError`: setting `id` if the entry may be done or is a delete, `record` if the key differs.
   */
  async edit(id: number, record: object): Promise<void> {
    await this.#call((callId) => this.#native.edit(callId, requireCount(id, 'id'), toJson(record, 'record')));
  }

  /** Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done. Rejects like {@link retry}. */
  async discard(id: number): Promise<void> {
    await this.#call((callId) => this.#native.discard(callId, requireCount(id, 'id')));
  }

  /**
   * Delivers in the background whenever this process puts an entry, and otherwise after each `intervalMs` (default 5,000), for entries of
   * other processes. Does nothing if it runs already. It ends with {@link stop}, or when the client is closed.
   *
   * It does not keep the process alive. Call {@link stop} before the process ends, so that no entry is left unclear.
   */
  start(options: { readonly intervalMs?: number | undefined } = {}): void {
    const { intervalMs = 5_000 } = checkOptions(options, 'intervalMs');
    if (typeof intervalMs !== 'number' || !(intervalMs >= 0 && intervalMs <= MAX_INTERVAL)) {
      const message = `invalid \`intervalMs\`: expected milliseconds from 0 to ${MAX_INTERVAL}, got ${describeNumber(intervalMs)}`;
      throw configError('intervalMs', message);
    }
    const tag = captureContext();
    const context = tag === undefined ? undefined : new native.NativeContext(undefined, tag);
    keepContextFor(this, tag);
    unwrap(this.#native.start(intervalMs, context));
    started.add(this);
  }

  /** Stops what {@link start} has started, and waits for the calls in flight, some seconds at most. */
  async stop(): Promise<void> {
    await this.#call((callId) => this.#native.stop(callId));
    started.delete(this);
  }

  /** Returns the result of the last delivery in the background, `undefined` if none has ended. Throws its error if it failed. */
  lastDelivery(): Delivery | undefined {
    const delivery = unwrap<object | undefined>(this.#native.lastDelivery());
    return delivery && deliveryOf(delivery);
  }

  /** Stops at the end of a block: `await using outbox = client.outbox(path)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #call<T>(start: (callId: number) => void): Promise<T> {
    return nativeCall<T>(start, {});
  }
}

/** Maximum interval: a day. */
const MAX_INTERVAL = 86_400_000;

function keyJson(options: PutOptions): string {
  return toJson(checkOptions(options, 'key', 'settleMs', 'lookup'), 'options');
}

function requireCount(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw configError(what, `invalid \`${what}\`: expected an integer from 0, got ${describeNumber(value)}`);
  }
  return value;
}

function describeNumber(value: unknown): string {
  return typeof value === 'number' ? String(value) : describe(value);
}

function entryOf(members: object): OutboxEntry {
  return withError(withCamelCaseKeys({ ...members }), 'error') as unknown as OutboxEntry;
}

function deliveryOf(members: object): Delivery {
  return withError(withCamelCaseKeys({ ...members }), 'pausedBy') as unknown as Delivery;
}

/** Returns the object with an error instead of its record. */
function withError(members: Record<string, unknown>, name: string): object {
  const record = members[name] as Record<string, unknown> | undefined;
  return record === undefined ? members : { ...members, [name]: errorFrom(record) };
}
