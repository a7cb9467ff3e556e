/** One entity of the CRM and what can be done to its records. */

import { ask, resultOf } from './ask.js';
import type { NativeClient } from './native.js';
import { options } from './options.js';
import { RecordList } from './record-list.js';
import type { Signalled } from './signal.js';
import { type EgitoRecord, idToJson, type RecordId, text, toJson } from './values.js';

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
    resultOf(native.checkEntity(name));
  }

  /**
   * Saves a new record and gives its id. It is sent again only where it surely was not done.
   *
   * Rejects with `ValidationError` (the server's complaints are its `errors`), or `OutcomeUnknownError` where the
   * answer was lost.
   */
  async create(record: Partial<T>, given: CallOptions = {}): Promise<RecordId> {
    const { signal } = options(given, 'signal');
    return ask((cancel) => this.#native.create(this.name, toJson(record, 'record'), cancel), signal);
  }

  /** Reads one record. Rejects with `NotFoundError` where there is none with this id. */
  async get(id: RecordId, given: CallOptions = {}): Promise<T> {
    const { signal } = options(given, 'signal');
    return ask((cancel) => this.#native.get(this.name, idToJson(id), cancel), signal);
  }

  /** Changes the given fields of a record and gives its id. */
  async update(id: RecordId, fields: Partial<T>, given: CallOptions = {}): Promise<RecordId> {
    const { signal } = options(given, 'signal');
    return ask((cancel) => this.#native.update(this.name, idToJson(id), toJson(fields, 'record'), cancel), signal);
  }

  /** Deletes a record and gives its id. */
  async delete(id: RecordId, given: CallOptions = {}): Promise<RecordId> {
    const { signal } = options(given, 'signal');
    return ask((cancel) => this.#native.delete(this.name, idToJson(id), cancel), signal);
  }

  /**
   * The entity's records, lazily.
   *
   * ```js
   * for await (const account of client.accounts.list({ filters: { city: 'Kraków' } })) console.log(account.name);
   * ```
   */
  list(given: ListOptions = {}): RecordList<T> {
    const { signal, ...others } = options(given, 'signal', 'filters', 'sort', 'order', 'pageSize');
    return new RecordList<T>((...args) => this.#native.list(this.name, ...args), others, signal);
  }

  /** Any other action of the API. The answer is handed on as it is. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows what the action answers
  async call<R = any>(action: string, params: object = {}, given: EntityCallOptions = {}): Promise<R> {
    const { signal, method = 'POST' } = options(given, 'signal', 'method');
    return ask((cancel) => {
      const [verb, json] = [text(method, 'method'), toJson(params, 'params')];
      return this.#native.call(this.name, text(action, 'action'), json, verb, cancel);
    }, signal);
  }
}
