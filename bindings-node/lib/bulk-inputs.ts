/** Reads the inputs of a bulk from an iterator, sync or async, one at a time. */

/** An iterator of inputs. */
export type InputIterator<I> = Iterator<I> | AsyncIterator<I>;

/** Reads inputs from an iterator. */
export class InputReader<I> {
  readonly #iterator: InputIterator<I>;
  readonly #onInput: (input: I) => void;
  readonly #onSettled: () => void;
  #isPending = false;
  #hasEnded = false;
  #isExhausted = false;
  #failure: { readonly error: unknown } | undefined;

  /** Calls `onInput` with each input, and `onSettled` after each step of an async iterator. */
  constructor(iterator: InputIterator<I>, onInput: (input: I) => void, onSettled: () => void) {
    this.#iterator = iterator;
    this.#onInput = onInput;
    this.#onSettled = onSettled;
  }

  /** Whether the next input can be read. */
  get hasNext(): boolean {
    return !this.#hasEnded && !this.#isPending;
  }

  /** Whether an async iterator has not yet resolved its latest step. */
  get isPending(): boolean {
    return this.#isPending;
  }

  /** Whether the iterator has returned all of its inputs. */
  get isExhausted(): boolean {
    return this.#isExhausted;
  }

  /** Reads the next input. An error of the iterator ends the inputs, see {@link throwFailure}. */
  read(): void {
    try {
      const step = this.#iterator.next();
      if (typeof step === 'object' && step !== null && 'then' in step) {
        this.#isPending = true;
        step.then(this.#receive).catch(this.#fail).then(this.#onSettled);
      } else {
        this.#receive(step);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Throws the error of the iterator, if there is one. */
  throwFailure(): void {
    if (this.#failure) {
      throw this.#failure.error;
    }
  }

  /** Stops reading, and discards an error of the iterator. */
  async close(): Promise<void> {
    this.#failure = undefined;
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    const returned = Promise.resolve(this.#iterator.return?.());
    if (this.#isPending) {
      returned.catch(() => {}); // an async iterator returns only after its pending step, which may never resolve
    } else {
      await returned;
    }
  }

  readonly #receive = (step: IteratorResult<I>): void => {
    this.#isPending = false; // before `onSettled`, so that the next input is read before the row of this one
    if (typeof step !== 'object' || step === null) {
      throw new TypeError(`invalid iterator of inputs: expected { done, value }, got ${String(step)}`);
    }
    if (step.done) {
      this.#hasEnded = true;
      this.#isExhausted = true;
    } else {
      this.#onInput(step.value);
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
