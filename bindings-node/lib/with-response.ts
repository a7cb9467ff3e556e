/** Entities and lists whose calls give their HTTP responses, too. */

import { bindMethods } from './bound-methods.js';
import type { DisposableIterator } from './iterate.js';
import { idToJson, toJson } from './json-writer.js';
import type { NativeEntity } from './native.js';
import { CALL, type CallOptions, type EntityCallOptions, options } from './options.js';
import type { EgitoRecord, RecordId } from './record.js';
import { askForResponse, type EgitoResponse } from './response.js';
import { text } from './values.js';

/** An entity whose calls give an {@link EgitoResponse}, made by {@link Entity.withResponse}. They reject as those of {@link Entity} do. */
export class EntityWithResponse<T extends object = EgitoRecord> {
  /** Name of the entity in the API. */
  readonly name: string;

  readonly #native: NativeEntity;

  /** @internal */
  constructor(entity: NativeEntity, name: string) {
    this.name = name;
    this.#native = entity;
    bindMethods(this, EntityWithResponse.prototype);
  }

  /** Saves a new record, see {@link Entity.create}. */
  async create(record: Partial<T>, given: CallOptions = {}): Promise<EgitoResponse<RecordId>> {
    const own = options(given, ...CALL);
    return askForResponse((ticket, call) => this.#native.create(ticket, toJson(record, 'record'), call), own);
  }

  /** Reads one record, see {@link Entity.get}. */
  async get(id: RecordId, given: CallOptions = {}): Promise<EgitoResponse<T>> {
    const own = options(given, ...CALL);
    return askForResponse((ticket, call) => this.#native.get(ticket, idToJson(id), call), own);
  }

  /** Changes the given fields of a record, see {@link Entity.update}. */
  async update(id: RecordId, fields: Partial<T>, given: CallOptions = {}): Promise<EgitoResponse<RecordId>> {
    const own = options(given, ...CALL);
    const begin = (ticket: number, call?: Parameters<NativeEntity['update']>[3]) =>
      this.#native.update(ticket, idToJson(id), toJson(fields, 'record'), call);
    return askForResponse(begin, own);
  }

  /**
   * Deletes a record, see {@link Entity.delete}. Where an earlier attempt has deleted it already, the response is that of the retry,
   * with status 404.
   */
  async delete(id: RecordId, given: CallOptions = {}): Promise<EgitoResponse<RecordId>> {
    const own = options(given, ...CALL);
    return askForResponse((ticket, call) => this.#native.delete(ticket, idToJson(id), call), own);
  }

  /** Any other action of the API, see {@link Entity.call}. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows what the action answers
  async call<R = any>(action: string, params: object = {}, given: EntityCallOptions = {}): Promise<EgitoResponse<R>> {
    const { method = 'POST', ...own } = options(given, ...CALL, 'method');
    return askForResponse((ticket, call) => {
      const [verb, json] = [text(method, 'method'), toJson(params, 'params')];
      this.#native.call(ticket, text(action, 'action'), json, verb, call);
    }, own);
  }
}

/** A list whose pages are an {@link EgitoResponse} each, made by {@link RecordList.withResponse}. */
export class RecordListWithResponse<T extends object = EgitoRecord> {
  readonly #pages: () => DisposableIterator<EgitoResponse<T[]>>;

  /** @internal */
  constructor(pages: () => DisposableIterator<EgitoResponse<T[]>>) {
    this.#pages = pages;
    bindMethods(this, RecordListWithResponse.prototype);
  }

  /** The pages one after the other: the records of each are the `value` of its response. */
  pages(): DisposableIterator<EgitoResponse<T[]>> {
    return this.#pages();
  }
}
