/** What lists and bulks have in common: iterations that can be left at any time. */
/// <reference lib="esnext.disposable" preserve="true" />

import { wrong } from './values.js';

/** An iterator that can be left by `return`, by `break` in a loop, and by `await using`. */
export type DisposableIterator<T> = AsyncIterableIterator<T> & AsyncDisposable;

/** Throws `ConfigError` where a loop begins over what an earlier one has ended: it would look empty. */
export function refuseSecondReading(hasEnded: boolean, what: string, instead: string): void {
  if (hasEnded) {
    throw wrong('iterator', `${what} were read to their end, or left by an earlier loop; ${instead}`);
  }
}

const LIST = 'the records of this iterator';
const INSTEAD = 'loop over the list itself, which reads it again';

/** The generator, whose `return` stops the request under way instead of waiting for its end. */
export function stoppable<T>(generator: AsyncGenerator<T, void, void>, stop: () => void): DisposableIterator<T> {
  let stopped = false;
  let hasEnded = false;
  const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
  return {
    async next() {
      try {
        const step = await generator.next();
        hasEnded = step.done === true;
        return stopped ? end : step;
      } catch (error) {
        if (stopped) {
          return end;
        }
        throw error;
      }
    },
    return: () => {
      stopped = true;
      stop();
      return generator.return();
    },
    [Symbol.asyncIterator]() {
      refuseSecondReading(hasEnded || stopped, LIST, INSTEAD);
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return?.();
    },
  };
}

/**
 * The elements of the arrays. Those at hand cost one promise each; a generator would cost three. Once `mayGive` is false, they are
 * not given any more, and `arrays` is asked for what to throw.
 */
export function flat<T>(arrays: DisposableIterator<T[]>, mayGive: () => boolean): DisposableIterator<T> {
  let [array, at]: [T[], number] = [[], 0];
  let hasEnded = false;
  let busy: Promise<IteratorResult<T>> | undefined;
  const taken = (): IteratorResult<T> => ({ done: false, value: array[at++] as T });
  async function refilled(): Promise<IteratorResult<T>> {
    while (at >= array.length || !mayGive()) {
      const step = await arrays.next();
      if (step.done) {
        hasEnded = true;
        return { done: true, value: undefined };
      }
      [array, at] = [step.value, 0];
    }
    return taken();
  }
  return {
    next() {
      if (busy === undefined && at < array.length && mayGive()) {
        return Promise.resolve(taken());
      }
      // Whoever asks before the last answer is there waits for his turn.
      const step = busy === undefined ? refilled() : busy.then(refilled, refilled);
      busy = step;
      // An error's stack leads to the loop only where nothing else waits for the same promise.
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
      refuseSecondReading(hasEnded, LIST, INSTEAD);
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return?.();
    },
  };
}
