/** What lists and bulks have in common: iterations that can be left at any time. */

/** The generator, whose `return` stops the request under way instead of waiting for its end. */
export function stoppable<T>(generator: AsyncGenerator<T, void, void>, stop: () => void): AsyncIterableIterator<T> {
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
  };
}
