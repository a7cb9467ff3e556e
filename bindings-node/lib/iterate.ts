/** What lists and bulks have in common: iterations that can be left at any time. */
/// <reference lib="esnext.disposable" preserve="true" />

/** An iterator that can be left by `return`, by `break` in a loop, and by `await using`. */
export type DisposableIterator<T> = AsyncIterableIterator<T> & AsyncDisposable;

/** The generator, whose `return` stops the request under way instead of waiting for its end. */
export function stoppable<T>(generator: AsyncGenerator<T, void, void>, stop: () => void): DisposableIterator<T> {
  let stopped = false;
  const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
  return {
    async next() {
      try {
        const step = await generator.next();
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
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return?.();
    },
  };
}

/**
 * The elements of the arrays. Those at hand cost one promise each; a generator would cost three. Once the signal is aborted,
 * they are not given any more, and `arrays` is asked for what to throw.
 */
export function flat<T>(arrays: DisposableIterator<T[]>, signal?: AbortSignal): DisposableIterator<T> {
  let [array, at]: [T[], number] = [[], 0];
  let busy: Promise<IteratorResult<T>> | undefined;
  const taken = (): IteratorResult<T> => ({ done: false, value: array[at++] as T });
  async function refilled(): Promise<IteratorResult<T>> {
    while (at >= array.length || signal?.aborted) {
      const step = await arrays.next();
      if (step.done) {
        return { done: true, value: undefined };
      }
      [array, at] = [step.value, 0];
    }
    return taken();
  }
  return {
    next() {
      if (busy === undefined && at < array.length && !signal?.aborted) {
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
      array = [];
      await arrays.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    async [Symbol.asyncDispose]() {
      await this.return?.();
    },
  };
}
