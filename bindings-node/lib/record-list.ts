/** The lazy result of a list: records, or pages of records, asked for as they are wanted. */

import { ask, resultOf } from './ask.js';
import { flat, stoppable } from './iterate.js';
import { type NativeCall, type NativePages, native } from './native.js';
import { type CallOptions, options, settingsOf, whole } from './options.js';
import { Turn } from './turn.js';
import { type EgitoRecord, toJson } from './values.js';

/** What {@link RecordList.toArray} may be told. */
export interface ArrayOptions {
  /** Most records, from the first; the requests stop there. */
  readonly limit?: number | undefined;
}

/** Opens the pages of a list; `most` is how many records are wanted at all, where that is known. */
export type Open = (options: string, most: number | undefined, own: NativeCall) => NativePages;

/**
 * A list that nothing has been asked of the server for yet. Each iteration reads it anew, in constant memory, and lets
 * the event loop turn in between.
 *
 * ```js
 * for await (const lead of client.leads.list()) console.log(lead.lastName);
 * ```
 */
export class RecordList<T extends object = EgitoRecord> implements AsyncIterable<T> {
  readonly #open: Open;
  readonly #options: { readonly pageSize?: number };
  readonly #own: CallOptions;

  /** @internal */
  constructor(open: Open, options: object, own: CallOptions) {
    this.#open = open;
    this.#options = options;
    this.#own = own;
  }

  /** The records one after the other. Leaving the loop stops the requests; `Readable.from(list)` makes a stream of them. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    return flat(this.#slices());
  }

  /** The pages one after the other, each as an array of records. */
  pages(): AsyncIterableIterator<T[]> {
    return this.#stoppable((stop) => pages<T>(this.#begin(stop)));
  }

  /** All records at once, in memory; with `limit` so many of them at most. */
  async toArray(given: ArrayOptions = {}): Promise<T[]> {
    const { limit = Number.POSITIVE_INFINITY } = options(given, 'limit');
    const all: T[] = [];
    if (limit !== Number.POSITIVE_INFINITY && whole(limit, 'limit', 0) === 0) {
      return all;
    }
    for await (const slice of this.#slices(limit)) {
      all.push(...slice);
      if (all.length >= limit) {
        all.length = limit;
        break;
      }
    }
    return all;
  }

  /** The first record; `undefined` where there is none. Only one is asked for. */
  async first(): Promise<T | undefined> {
    return (await this.toArray({ limit: 1 }))[0];
  }

  /** How many records there are, as the server tells with a page; `undefined` where it does not. Only one is asked for. */
  async total(): Promise<number | undefined> {
    const reader = this.#begin(this.#call(), 1);
    return (await reader.next()) ? reader.total : 0;
  }

  #begin(stop: NativeCall, most?: number): Reader {
    return new Reader(() => this.#open(toJson(this.#options, 'options'), this.#most(most), stop), this.#own, stop);
  }

  #call(): NativeCall {
    return new native.NativeCall(settingsOf(this.#own));
  }

  /** No larger pages are asked for than the caller named. */
  #most(wanted = Number.POSITIVE_INFINITY): number | undefined {
    const { pageSize } = this.#options;
    return wanted > 2 ** 31 || (pageSize !== undefined && !(pageSize > wanted)) ? undefined : wanted;
  }

  #slices(most?: number): AsyncIterableIterator<T[]> {
    return this.#stoppable((stop) => slices<T>(this.#begin(stop, most)));
  }

  #stoppable<U>(read: (stop: NativeCall) => AsyncGenerator<U, void, void>): AsyncIterableIterator<U> {
    const stop = this.#call();
    return stoppable(read(stop), () => stop.cancel());
  }
}

async function* slices<T>(reader: Reader): AsyncGenerator<T[], void, void> {
  while (await reader.next()) {
    for (let slice = await reader.slice<T>(); slice; slice = await reader.slice<T>()) {
      yield slice;
    }
  }
}

async function* pages<T>(reader: Reader): AsyncGenerator<T[], void, void> {
  while (await reader.next()) {
    const page: T[] = [];
    for (let slice = await reader.slice<T>(); slice; slice = await reader.slice<T>()) {
      page.push(...slice);
    }
    yield page;
  }
}

/** Reads pages slice by slice, so that a large page does not hold up everything else. */
class Reader {
  /** The number of records of the whole list, where the server told it. */
  total: number | undefined;

  #pages: NativePages | undefined;
  readonly #turn = new Turn();

  constructor(
    readonly open: () => NativePages,
    readonly own: CallOptions,
    readonly call: NativeCall,
  ) {}

  /** Waits for the next page; false at the end. */
  async next(): Promise<boolean> {
    const begin = (ticket: number) => {
      this.#pages ??= this.open();
      this.#pages.next(ticket);
    };
    const page = await ask<{ total: number | null } | undefined>(begin, this.own, this.call);
    this.#turn.restart();
    this.total = page?.total ?? undefined;
    return page !== undefined;
  }

  /** The next records of the page; `undefined` after the last. */
  async slice<T>(): Promise<T[] | undefined> {
    await this.#turn.give();
    return this.#pages && resultOf<T[] | undefined>(this.#pages.slice());
  }
}
