/** Lists: records or pages of records, which are requested as they are read. */

import { bindMethods } from './bound-methods.js';
import { EventLoopYielder } from './event-loop.js';
import { CancelledError } from './generated/error-classes.js';
import { cancellable, type DisposableIterator, flatten } from './iterators.js';
import { toJson } from './json-writer.js';
import type { NativeContext, NativeList, NativePages } from './native.js';
import { nativeCall, unwrap } from './native-call.js';
import { type CallOptions, checkOptions } from './options.js';
import type { EgitoRecord } from './record.js';
import { contextOf, type EgitoResponse, type ResponseParts, responseOf } from './response.js';
import { RecordListWithResponse } from './with-response.js';

/** Options of {@link RecordList.toArray}. */
export interface ArrayOptions {
  /** Maximum number of records. The smaller of this and the list's own `limit` is used. */
  readonly limit?: number | undefined;
}

/** Opens a list with options as JSON. */
export type OpenList = (options: string, context: NativeContext) => NativeList;

/** Receives the pages of a list after the last one was read. */
export type OnEnd = (pages: NativePages) => void;

/** Is called when a read of a list begins. */
export type OnRead = () => OnEnd;

/**
 * A list of records. It sends nothing until it is read. Each iteration reads the list again from its start, in constant memory. Large
 * pages do not block the event loop.
 *
 * ```js
 * for await (const lead of client.leads.list()) console.log(lead.lastName);
 * ```
 */
export class RecordList<T extends object = EgitoRecord> implements AsyncIterable<T> {
  readonly #openList: OpenList;
  readonly #options: object;
  readonly #callOptions: CallOptions;
  readonly #onRead: OnRead | undefined;

  /** @internal */
  constructor(openList: OpenList, options: object, callOptions: CallOptions, onRead?: OnRead) {
    this.#openList = openList;
    this.#options = options;
    this.#callOptions = callOptions;
    this.#onRead = onRead;
    bindMethods(this, RecordList.prototype);
  }

  /** Returns an iterator over the records. Leaving the loop cancels the requests in flight. `Readable.from(list)` returns a stream. */
  [Symbol.asyncIterator](): DisposableIterator<T> {
    const context = contextOf(this.#callOptions, false);
    const reader = this.#reader(context);
    const records = cancellable(slices<T>(reader), () => context.cancel());
    return flatten(records, () => reader.isReadable);
  }

  /** Returns an iterator over the pages, each an array of records. */
  pages(): DisposableIterator<T[]> {
    return this.#cancellable((context) => pages<T>(this.#reader(context)));
  }

  /**
   * Returns a list whose pages are an {@link EgitoResponse} each: their records with HTTP status and headers.
   *
   * ```js
   * for await (const { value, status } of client.leads.list().withResponse().pages()) console.log(value.length, status);
   * ```
   */
  withResponse(): RecordListWithResponse<T> {
    const read = (context: NativeContext) => pagesWithResponse<T>(this.#reader(context));
    return new RecordListWithResponse<T>(() => this.#cancellable(read, true));
  }

  /** Returns all records in an array. */
  async toArray(options: ArrayOptions = {}): Promise<T[]> {
    const all: T[] = [];
    const { limit } = checkOptions(options, 'limit');
    const ownLimit = (this.#options as { limit?: number }).limit;
    const areBothSet = typeof limit === 'number' && typeof ownLimit === 'number';
    const smaller = areBothSet ? Math.min(limit, ownLimit) : (limit ?? ownLimit);
    for await (const slice of this.#slices({ limit: smaller })) {
      all.push(...slice);
    }
    return all;
  }

  /** Returns the first record, or `undefined` for an empty list. It requests one record, with `start` up to three. */
  async first(): Promise<T | undefined> {
    return this.#call((list, callId) => list.first(callId));
  }

  /** Returns whether there is any record. It requests one record, with `start` up to three. */
  async exists(): Promise<boolean> {
    return this.#call((list, callId) => list.exists(callId));
  }

  /**
   * Returns the server's number of records that match the filters, or `undefined` if it sends none. One small request; `start` and
   * `limit` do not change the number.
   */
  async total(): Promise<number | undefined> {
    return this.#call((list, callId) => list.total(callId));
  }

  /**
   * Returns the number of records of the list, with its filters, `start` and `limit`. One small request if the server sends a total;
   * otherwise the whole list is read, in constant memory.
   */
  async count(): Promise<number> {
    return this.#call((list, callId) => list.count(callId));
  }

  #open(context: NativeContext, overrides?: object): NativeList {
    return this.#openList(toJson({ ...this.#options, ...overrides }, 'options'), context);
  }

  #call<U>(start: (list: NativeList, callId: number) => void): Promise<U> {
    const context = contextOf(this.#callOptions, false);
    return nativeCall((callId) => start(this.#open(context), callId), this.#callOptions, context);
  }

  #reader(context: NativeContext, overrides?: object): PageReader {
    return new PageReader(() => this.#open(context, overrides).pages(), this.#callOptions, context, this.#onRead?.());
  }

  #slices(overrides?: object): DisposableIterator<T[]> {
    return this.#cancellable((context) => slices<T>(this.#reader(context, overrides)));
  }

  #cancellable<U>(
    read: (context: NativeContext) => AsyncGenerator<U, void, void>,
    wantsResponse = false,
  ): DisposableIterator<U> {
    const context = contextOf(this.#callOptions, wantsResponse);
    return cancellable(read(context), () => context.cancel());
  }
}

async function* slices<T>(reader: PageReader): AsyncGenerator<T[], void, void> {
  while (await reader.next()) {
    for (let slice = await reader.slice<T>(); slice; slice = await reader.slice<T>()) {
      yield slice;
      if (reader.options.signal?.aborted) {
        break; // the next page throws the error
      }
    }
  }
}

async function* pages<T>(reader: PageReader): AsyncGenerator<T[], void, void> {
  while (await reader.next()) {
    yield await reader.page<T>();
  }
}

async function* pagesWithResponse<T>(reader: PageReader): AsyncGenerator<EgitoResponse<T[]>, void, void> {
  for (let parts = await reader.next<ResponseParts<never>>(); parts; parts = await reader.next()) {
    yield responseOf(parts, await reader.page<T>());
  }
}

/** Reads pages slice by slice, so that a large page does not block the event loop. */
class PageReader {
  #pages: NativePages | undefined;
  readonly #yielder = new EventLoopYielder();

  constructor(
    readonly open: () => NativePages,
    readonly options: CallOptions,
    readonly context: NativeContext,
    readonly onEnd: OnEnd | undefined,
  ) {}

  /** Waits for the next page. Returns true, or its response if the list wants it; `undefined` at the end. */
  async next<U = true>(): Promise<U | undefined> {
    const start = (callId: number) => {
      this.#pages ??= this.open();
      this.#pages.next(callId);
    };
    const page = await nativeCall<U | undefined>(start, this.options, this.context);
    if (page === undefined && this.#pages) {
      this.onEnd?.(this.#pages);
    }
    this.#yielder.reset();
    return page;
  }

  /** Returns the records of the current page. */
  async page<T>(): Promise<T[]> {
    const page: T[] = [];
    for (let slice = await this.slice<T>(); slice; slice = await this.slice<T>()) {
      page.push(...slice);
    }
    return page;
  }

  /** Whether more records may be returned: false once the signal is aborted or the client is closed. */
  get isReadable(): boolean {
    return !this.options.signal?.aborted && (this.#pages?.isRunning() ?? true);
  }

  /** Returns the next records of the page, `undefined` after the last. */
  async slice<T>(): Promise<T[] | undefined> {
    await this.#yielder.yieldIfDue();
    if (this.options.signal?.aborted) {
      throw new CancelledError('the list was cancelled; the records before this error are complete', {
        cause: this.options.signal.reason,
      });
    }
    return this.#pages && unwrap<T[] | undefined>(this.#pages.slice());
  }
}
