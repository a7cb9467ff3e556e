/** Takes the inputs of a bulk from their iterator, sync or async, one at a time. */

/** What gives the inputs. */
export type InputIterator<I> = Iterator<I> | AsyncIterator<I>;

/** The inputs that were not taken yet. */
export class Source<I> {
  readonly #iterator: InputIterator<I>;
  readonly #give: (input: I) => void;
  readonly #settled: () => void;
  #isPending = false;
  #hasEnded = false;
  #isExhausted = false;
  #failure: { readonly error: unknown } | undefined;

  /** `give` is called with each input, `settled` after a step of an async iterator. */
  constructor(iterator: InputIterator<I>, give: (input: I) => void, settled: () => void) {
    this.#iterator = iterator;
    this.#give = give;
    this.#settled = settled;
  }

  /** Whether the next input can be taken. */
  get hasNext(): boolean {
    return !this.#hasEnded && !this.#isPending;
  }

  /** Whether an async iterator has not given the input yet that it was asked for. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Whether the iterator gave all of its inputs. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Takes the next input. What the iterator throws ends the inputs, see {@link check}. */
  take(): void {
    try {
      const step = this.#iterator.next();
      if (typeof step === 'object' && step !== null && 'then' in step) {
        this.#isPending = true;
        step.then(this.#receive).catch(this.#fail).then(this.#settled);
      } else {
        this.#receive(step);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Throws what the iterator threw, if it did. */
  check(): void {
    if (this.#failure) {
      throw this.#failure.error;
    }
  }

  /** Takes no further input, and forgets what the iterator threw. */
  async close(): Promise<void> {
    this.#failure = undefined;
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    const returned = Promise.resolve(this.#iterator.return?.());
    if (this.#isPending) {
      returned.catch(() => {}); // an async iterator may never give the pending input, and would not return before it
    } else {
      await returned;
    }
  }

  readonly #receive = (step: IteratorResult<I>): void => {
    this.#isPending = false; // at once, so that the next input is taken before the row of this one is read
    if (typeof step !== 'object' || step === null) {
      throw new TypeError(`the iterator of the inputs gave ${String(step)}, which is no { done, value }`);
    }
    if (step.done) {
      this.#hasEnded = true;
      this.#isExhausted = true;
    } else {
      this.#give(step.value);
    }
  };

  readonly #fail = (error: unknown): void => {
    this.#isPending = false;
    if (!this.#hasEnded) {
      this.#hasEnded = true;
      this.#failure = { error };
    }
  };
}
