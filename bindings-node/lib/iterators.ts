/** Iterators of lists and bulks, which can be left at any time. */
/// <reference lib="esnext.disposable" preserve="true" />

import { configError } from './values.js';

/** An iterator that can be left with `return`, with `break` in a loop, and with `await using`. */
export type DisposableIterator<T> = AsyncIterableIterator<T> & AsyncDisposable;

/** Throws `ConfigError` if a loop begins over an iterator that has ended. Otherwise the iterator would look empty. */
export function throwIfConsumed(hasEnded: boolean, what: string, hint: string): void {
  if (hasEnded) {
    throw configError('iterator', `${what} were already read to the end, or an earlier loop was left; ${hint}`);
  }
}

const RECORDS = 'the records of this iterator';
const READ_AGAIN = 'loop over the list itself to read it again';

/**
 * Returns an iterator over a generator whose `return` calls `cancel`, instead of waiting for the request in flight. After an error, every
 * later `next` throws it, too: an end would look as if the list were complete.
 */
export function cancellable<T>(generator: AsyncGenerator<T, void, void>, cancel: () => void): DisposableIterator<T> {
  let isCancelled = false;
  let hasEnded = false;
  let failure: { error: unknown } | undefined;
  const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
  return {
    async next() {
      try {
        const step = await generator.next();
        if (failure !== undefined && !isCancelled) {
          throw failure.error;
        }
        hasEnded = step.done === true;
        return isCancelled ? end : step;
      } catch (error) {
        if (isCancelled) {
          return end;
        }
        failure = { error };
        throw error;
      }
    },
    return: () => {
      isCancelled = true;
      cancel();
      return generator.return();
    },
    [Symbol.asyncIterator]() {
      throwIfConsumed(hasEnded || isCancelled, RECORDS, READ_AGAIN);
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return?.();
    },
  };
}

/**
 * Returns an iterator over the elements of arrays. An element that was already received costs one promise; a generator would cost three.
 * Once `isReadable` returns false, no further element is returned, and `arrays` throws the error.
 */
export function flatten<T>(arrays: DisposableIterator<T[]>, isReadable: () => boolean): DisposableIterator<T> {
  let array: T[] = [];
  let index = 0;
  let hasEnded = false;
  let busy: Promise<IteratorResult<T>> | undefined;
  const element = (): IteratorResult<T> => ({ done: false, value: array[index++] as T });
  async function refill(): Promise<IteratorResult<T>> {
    while (index >= array.length || !isReadable()) {
      const step = await arrays.next();
      if (step.done) {
        hasEnded = true;
        return { done: true, value: undefined };
      }
      array = step.value;
      index = 0;
    }
    return element();
  }
  return {
    next() {
      if (busy === undefined && index < array.length && isReadable()) {
        return Promise.resolve(element());
      }
      // Concurrent calls of `next` run one after the other.
      const step = busy === undefined ? refill() : busy.then(refill, refill);
      busy = step;
      // Return a new promise: an error's stack leads to the loop only if nothing else awaits the same promise.
      return step.finally(() => {
        busy = busy === step ? undefined : busy;
      });
    },
    async return() {
      hasEnded = true;
      array = [];
      await arrays.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      throwIfConsumed(hasEnded, RECORDS, READ_AGAIN);
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return?.();
    },
  };
}
