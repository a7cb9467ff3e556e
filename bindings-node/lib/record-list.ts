/** The lazy result of a list: records, or pages of records, asked for as they are wanted. */

import { ask } from './ask.js';
import { stoppable } from './iterate.js';
import { type NativeCancel, type NativePages, native } from './native.js';
import { type EgitoRecord, toJson } from './values.js';

/**
 * A list that nothing has been asked of the server for yet. Each iteration reads it anew, in constant memory.
 *
 * ```js
 * for await (const lead of client.leads.list()) console.log(lead.lastName);
 * ```
 */
export class RecordList<T extends object = EgitoRecord> implements AsyncIterable<T> {
  readonly #open: (options: string, first: boolean, cancel: NativeCancel) => NativePages;
  readonly #options: object;
  readonly #signal: AbortSignal | undefined;

  /** @internal */
  constructor(
    open: (options: string, first: boolean, cancel: NativeCancel) => NativePages,
    options: object,
    signal: AbortSignal | undefined,
  ) {
    this.#open = open;
    this.#options = options;
    this.#signal = signal;
  }

  /** The records one after the other. Leaving the loop stops the requests. */
  [Symbol.asyncIterator](): AsyncIterableIterator<T> {
    const pages = this.pages();
    return stoppable(flat(pages), () => pages.return?.());
  }

  /** The pages one after the other, each as an array of records. */
  pages(): AsyncIterableIterator<T[]> {
    return this.#pages(false);
  }

  /** All records at once, in memory. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const page of this.pages()) {
      for (const record of page) {
        all.push(record);
      }
    }
    return all;
  }

  /** The first record; `undefined` where there is none. Only one is asked for. */
  async first(): Promise<T | undefined> {
    for await (const page of this.#pages(true)) {
      return page[0];
    }
    return undefined;
  }

  #pages(first: boolean): AsyncIterableIterator<T[]> {
    const stop = new native.NativeCancel();
    return stoppable(this.#read(first, stop), () => stop.cancel());
  }

  async *#read(first: boolean, stop: NativeCancel): AsyncGenerator<T[], void, void> {
    let pages: NativePages | undefined;
    const next = () => {
      pages ??= this.#open(toJson(this.#options, 'options'), first, stop);
      return pages.next();
    };
    for (;;) {
      const page = await ask<T[] | undefined>(next, this.#signal, stop);
      if (page === undefined) {
        return;
      }
      yield page;
    }
  }
}

async function* flat<T>(pages: AsyncIterable<T[]>): AsyncGenerator<T, void, void> {
  for await (const page of pages) {
    yield* page;
  }
}
