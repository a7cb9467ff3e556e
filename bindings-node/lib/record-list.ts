/** The lazy result of a list: records, or pages of records, asked for as they are wanted. */

import { ask, resultOf } from './ask.js';
import { bindMethods } from './bound-methods.js';
import { CancelledError } from './generated/error-classes.js';
import { type DisposableIterator, flat, stoppable } from './iterate.js';
import { toJson } from './json-writer.js';
import type { NativeCall, NativeList, NativePages } from './native.js';
import { type CallOptions, options } from './options.js';
import type { EgitoRecord } from './record.js';
import { callOf, type EgitoResponse, type ResponseParts, responseOf } from './response.js';
import { Turn } from './turn.js';
import { RecordListWithResponse } from './with-response.js';

/** What {@link RecordList.toArray} may be told. */
export interface ArrayOptions {
  /** Maximum number of records; the smaller of this and the list's own `limit` counts. */
  readonly limit?: number | undefined;
}

/** Makes a list of its options as JSON. */
export type Open = (options: string, own: NativeCall) => NativeList;

/**
 * A list that nothing has been asked of the server for yet. Each iteration starts over and reads it again, in constant memory, and lets
 * the event loop turn in between.
 *
 * ```js
 * for await (const lead of client.leads.list()) console.log(lead.lastName);
 * ```
 */
export class RecordList<T extends object = EgitoRecord> implements AsyncIterable<T> {
  readonly #make: Open;
  readonly #options: object;
  readonly #own: CallOptions;

  /** @internal */
  constructor(make: Open, options: object, own: CallOptions) {
    this.#make = make;
    this.#options = options;
    this.#own = own;
    bindMethods(this, RecordList.prototype);
  }

  /** The records one after the other. Leaving the loop stops the requests; `Readable.from(list)` makes a stream of them. */
  [Symbol.asyncIterator](): DisposableIterator<T> {
    const stop = callOf(this.#own, false);
    const reader = this.#begin(stop);
    const records = stoppable(slices<T>(reader), () => stop.cancel());
    return flat(records, () => reader.mayGive);
  }

  /** The pages one after the other, each as an array of records. */
  pages(): DisposableIterator<T[]> {
    return this.#stoppable((stop) => pages<T>(this.#begin(stop)));
  }

  /**
   * Returns the list for pages that are an {@link EgitoResponse} each: their records with HTTP status and headers.
   *
   * ```js
   * for await (const { value, status } of client.leads.list().withResponse().pages()) console.log(value.length, status);
   * ```
   */
  withResponse(): RecordListWithResponse<T> {
    const read = (stop: NativeCall) => pagesWithResponse<T>(this.#begin(stop));
    return new RecordListWithResponse<T>(() => this.#stoppable(read, true));
  }

  /** All records at once, in memory. */
  async toArray(given: ArrayOptions = {}): Promise<T[]> {
    const all: T[] = [];
    const { limit } = options(given, 'limit');
    const own = (this.#options as { limit?: number }).limit;
    const smaller = typeof limit === 'number' && typeof own === 'number' ? Math.min(limit, own) : (limit ?? own);
    for await (const slice of this.#slices({ limit: smaller })) {
      all.push(...slice);
    }
    return all;
  }

  /** The first record; `undefined` where there is none. One is asked for, with `start` three. */
  async first(): Promise<T | undefined> {
    return this.#ask((list, ticket) => list.first(ticket));
  }

  /** Whether there is any record. One is asked for, with `start` three. */
  async exists(): Promise<boolean> {
    return this.#ask((list, ticket) => list.exists(ticket));
  }

  /**
   * How many records the server says that match the filters; `undefined` where it does not say. One small request;
   * `start` and `limit` do not change the number.
   */
  async total(): Promise<number | undefined> {
    return this.#ask((list, ticket) => list.total(ticket));
  }

  /**
   * The number of records that the list gives, with its filters, `start` and `limit`. One small request where the server
   * tells a total; otherwise the whole list is read, in constant memory.
   */
  async count(): Promise<number> {
    return this.#ask((list, ticket) => list.count(ticket));
  }

  #open(own: NativeCall, instead?: object): NativeList {
    return this.#make(toJson({ ...this.#options, ...instead }, 'options'), own);
  }

  #ask<U>(question: (list: NativeList, ticket: number) => void): Promise<U> {
    const own = callOf(this.#own, false);
    return ask((ticket) => question(this.#open(own), ticket), this.#own, own);
  }

  #begin(own: NativeCall, instead?: object): Reader {
    return new Reader(() => this.#open(own, instead).pages(), this.#own, own);
  }

  #slices(instead?: object): DisposableIterator<T[]> {
    return this.#stoppable((stop) => slices<T>(this.#begin(stop, instead)));
  }

  #stoppable<U>(
    read: (stop: NativeCall) => AsyncGenerator<U, void, void>,
    wantsResponse = false,
  ): DisposableIterator<U> {
    const stop = callOf(this.#own, wantsResponse);
    return stoppable(read(stop), () => stop.cancel());
  }
}

async function* slices<T>(reader: Reader): AsyncGenerator<T[], void, void> {
  while (await reader.next()) {
    for (let slice = await reader.slice<T>(); slice; slice = await reader.slice<T>()) {
      yield slice;
      if (reader.own.signal?.aborted) {
        break; // the next page fails
      }
    }
  }
}

async function* pages<T>(reader: Reader): AsyncGenerator<T[], void, void> {
  while (await reader.next()) {
    yield await reader.page<T>();
  }
}

async function* pagesWithResponse<T>(reader: Reader): AsyncGenerator<EgitoResponse<T[]>, void, void> {
  for (let parts = await reader.next<ResponseParts<never>>(); parts; parts = await reader.next()) {
    yield responseOf(parts, await reader.page<T>());
  }
}

/** Reads pages slice by slice, so that a large page does not hold up everything else. */
class Reader {
  #pages: NativePages | undefined;
  readonly #turn = new Turn();

  constructor(
    readonly open: () => NativePages,
    readonly own: CallOptions,
    readonly call: NativeCall,
  ) {}

  /** Waits for the next page: true, or its response where the list wants it; `undefined` at the end. */
  async next<U = true>(): Promise<U | undefined> {
    const begin = (ticket: number) => {
      this.#pages ??= this.open();
      this.#pages.next(ticket);
    };
    const more = await ask<U | undefined>(begin, this.own, this.call);
    this.#turn.restart();
    return more;
  }

  /** The records of the page that was waited for. */
  async page<T>(): Promise<T[]> {
    const page: T[] = [];
    for (let slice = await this.slice<T>(); slice; slice = await this.slice<T>()) {
      page.push(...slice);
    }
    return page;
  }

  /** Whether records that were read may be given out. */
  get mayGive(): boolean {
    return !this.own.signal?.aborted && (this.#pages?.isRunning() ?? true);
  }

  /** The next records of the page; `undefined` after the last. */
  async slice<T>(): Promise<T[] | undefined> {
    await this.#turn.give();
    if (this.own.signal?.aborted) {
      throw new CancelledError('the list was cancelled; what was read is complete up to here', {
        cause: this.own.signal.reason,
      });
    }
    return this.#pages && resultOf<T[] | undefined>(this.#pages.slice());
  }
}
