/** One entity of the CRM and what can be done to its records. */

import { ask } from './ask.js';
import type { NativeClient } from './native.js';
import { RecordList } from './record-list.js';
import type { Signalled } from './signal.js';
import { type EgitoRecord, type RecordId, text, toJson } from './values.js';

/** What one call may be told. */
export interface CallOptions extends Signalled {}

/** What one call of another action may be told. */
export interface EntityCallOptions extends CallOptions {
  /** `POST` (default) sends the params as the body, the others in the query. */
  readonly method?: 'GET' | 'POST' | 'DELETE';
}

/** Which records a list has, and how it is read. */
export interface ListOptions extends Signalled {
  /** Handed to the server as they are. */
  readonly filters?: Readonly<Record<string, string | number | bigint | boolean | Date | undefined>>;
  /** The field to sort by, instead of the setting `defaultSort`. */
  readonly sort?: string;
  /** `asc` (default) or `desc`. */
  readonly order?: 'asc' | 'desc';
  /** Records asked for in one request, instead of the setting `pageSize`. */
  readonly pageSize?: number;
}

/** A kind of thing in the CRM, such as `Account`. Made by {@link Client.entity}; `T` is what its records look like. */
export class Entity<T extends object = EgitoRecord> {
  /** Its name in the API. */
  readonly name: string;

  readonly #native: NativeClient;

  /** @internal */
  constructor(native: NativeClient, name: string) {
    this.#native = native;
    this.name = text(name, 'entity');
  }

  /**
   * Saves a new record and gives its id. It is sent again only where it surely was not done.
   *
   * Rejects with `ValidationError` (the server's complaints are its `errors`), or `OutcomeUnknownError` where the
   * answer was lost.
   */
  create(record: Partial<T>, { signal }: CallOptions = {}): Promise<RecordId> {
    return ask((cancel) => this.#native.create(this.name, toJson(record, 'record'), cancel), signal);
  }

  /** Reads one record. Rejects with `NotFoundError` where there is none with this id. */
  get(id: RecordId, { signal }: CallOptions = {}): Promise<T> {
    return ask((cancel) => this.#native.get(this.name, toJson(id, 'id'), cancel), signal);
  }

  /** Changes the given fields of a record and gives its id. */
  update(id: RecordId, fields: Partial<T>, { signal }: CallOptions = {}): Promise<RecordId> {
    return ask((cancel) => this.#native.update(this.name, toJson(id, 'id'), toJson(fields, 'record'), cancel), signal);
  }

  /** Deletes a record and gives its id. */
  delete(id: RecordId, { signal }: CallOptions = {}): Promise<RecordId> {
    return ask((cancel) => this.#native.delete(this.name, toJson(id, 'id'), cancel), signal);
  }

  /**
   * The entity's records, lazily.
   *
   * ```js
   * for await (const account of client.accounts.list({ filters: { city: 'Kraków' } })) console.log(account.name);
   * ```
   */
  list({ signal, ...options }: ListOptions = {}): RecordList<T> {
    return new RecordList<T>((json, cancel) => this.#native.list(this.name, json, cancel), options, signal);
  }

  /** Any other action of the API. The answer is handed on as it is. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows what the action answers
  call<R = any>(action: string, params: object = {}, { signal, method = 'POST' }: EntityCallOptions = {}): Promise<R> {
    return ask((cancel) => {
      const [verb, json] = [text(method, 'method'), toJson(params, 'params')];
      return this.#native.call(this.name, text(action, 'action'), json, verb, cancel);
    }, signal);
  }
}
