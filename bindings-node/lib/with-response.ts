/** Entities and lists whose calls return their HTTP responses, too. */

import { bindMethods } from './bound-methods.js';
import type { DisposableIterator } from './iterators.js';
import { idToJson, toJson } from './json-writer.js';
import type { NativeContext, NativeEntity } from './native.js';
import { CALL_OPTIONS, type CallOptions, checkOptions, type EntityCallOptions } from './options.js';
import type { EgitoRecord, RecordId } from './record.js';
import { type EgitoResponse, nativeCallWithResponse } from './response.js';
import { requireString } from './values.js';

/** An entity whose calls return an {@link EgitoResponse}, created by {@link Entity.withResponse}. They reject like those of {@link Entity}. */
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

  /** Creates a record, see {@link Entity.create}. */
  async create(record: Partial<T>, options: CallOptions = {}): Promise<EgitoResponse<RecordId>> {
    return this.#call((callId, context) => this.#native.create(callId, toJson(record, 'record'), context), options);
  }

  /** Returns a record, see {@link Entity.get}. */
  async get(id: RecordId, options: CallOptions = {}): Promise<EgitoResponse<T>> {
    return this.#call((callId, context) => this.#native.get(callId, idToJson(id), context), options);
  }

  /** Changes the given fields of a record, see {@link Entity.update}. */
  async update(id: RecordId, fields: Partial<T>, options: CallOptions = {}): Promise<EgitoResponse<RecordId>> {
    const start = (callId: number, context?: NativeContext) =>
      this.#native.update(callId, idToJson(id), toJson(fields, 'record'), context);
    return this.#call(start, options);
  }

  /**
   * Deletes a record, see {@link Entity.delete}. If an earlier attempt has deleted it, the response is that of the retry, with status
   * 404.
   */
  async delete(id: RecordId, options: CallOptions = {}): Promise<EgitoResponse<RecordId>> {
    return this.#call((callId, context) => this.#native.delete(callId, idToJson(id), context), options);
  }

  /** Runs a custom action of the API, see {@link Entity.call}. */
  // biome-ignore lint/suspicious/noExplicitAny: only the caller knows the result of the action
  async call<R = any>(action: string, params: object = {}, options: EntityCallOptions = {}): Promise<EgitoResponse<R>> {
    const { method = 'POST', ...callOptions } = checkOptions(options, ...CALL_OPTIONS, 'method');
    return nativeCallWithResponse((callId, context) => {
      requireString(method, 'method');
      requireString(action, 'action');
      this.#native.call(callId, action, toJson(params, 'params'), method, context);
    }, callOptions);
  }

  #call<R>(start: (callId: number, context?: NativeContext) => void, options: CallOptions): Promise<EgitoResponse<R>> {
    return nativeCallWithResponse(start, checkOptions(options, ...CALL_OPTIONS));
  }
}

/** A list whose pages are an {@link EgitoResponse} each, created by {@link RecordList.withResponse}. */
export class RecordListWithResponse<T extends object = EgitoRecord> {
  readonly #pages: () => DisposableIterator<EgitoResponse<T[]>>;

  /** @internal */
  constructor(pages: () => DisposableIterator<EgitoResponse<T[]>>) {
    this.#pages = pages;
    bindMethods(this, RecordListWithResponse.prototype);
  }

  /** Returns an iterator over the pages: the records of each are the `value` of its response. */
  pages(): DisposableIterator<EgitoResponse<T[]>> {
    return this.#pages();
  }
}
