/** The calls of a bulk that are under way, and the inputs they are made from. */

import type { BulkRow } from './bulk.js';
import { EgitoError } from './errors.js';
import type { CallOptions } from './options.js';
import { Turn } from './turn.js';
import type { RecordId } from './values.js';

/** What is done to one input. */
export type Call<I, R> = (input: I, own: CallOptions) => Promise<{ id: RecordId; record?: R }>;

/** Where the inputs come from. */
export type Source<I> = Iterator<I> | AsyncIterator<I>;

/** How the calls are made. */
export interface Plan<I, R> {
  readonly call: Call<I, R>;
  /** What the caller told every call. */
  readonly own: CallOptions;
  /** Calls at one time. */
  readonly concurrency: number;
  /** Most rows that are kept, finished ones included, which wait for the one before them. */
  readonly window: number;
  /** Where the bulk was begun, as lines of a stack. */
  readonly caller: string;
}

/** Pulls inputs while there is room, and gives the rows in the order of the inputs. */
export class Calls<I, R> {
  readonly #plan: Plan<I, R>;
  readonly #source: Source<I>;
  readonly #stop: AbortController;
  /** Rows that wait for the one before them, by their index. */
  readonly #finished = new Map<number, BulkRow<I, R>>();
  readonly #turn = new Turn();
  #running = 0;
  /** Whether an async source still owes an input. */
  #isOwed = false;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #taken = 0;
  #given = 0;
  /** Called when anything has happened that `next` waits for. */
  #wake = () => {};

  constructor(source: Source<I>, plan: Plan<I, R>, stop: AbortController) {
    this.#source = source;
    this.#plan = plan;
    this.#stop = stop;
    stop.signal.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** The next row; `undefined` after the last, or where it was stopped. What the inputs throw comes after the rows of the calls under way. */
  async next(): Promise<BulkRow<I, R> | undefined> {
    for (;;) {
      await this.#turn.give(); // rows that are no calls come without a wait
      while (this.#hasRoom()) {
        this.#pull();
      }
      const row = this.#finished.get(this.#given);
      if (row) {
        this.#finished.delete(this.#given++);
        return row;
      }
      if (this.#given === this.#taken && (!this.#isOwed || this.#stop.signal.aborted)) {
        break;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) {
      throw this.#failure.error;
    }
    return undefined;
  }

  /** Ends what is under way because of an error, and gives the rows of it. */
  async rest(reason: unknown): Promise<BulkRow<I, R>[]> {
    this.#stop.abort(reason);
    await this.end().catch(() => {}); // what failed first is what is told
    this.#failure = undefined;
    const rows: BulkRow<I, R>[] = [];
    for (let row = await this.next(); row !== undefined; row = await this.next()) {
      rows.push(row);
    }
    return rows;
  }

  /** Ends what is under way. */
  async end(): Promise<void> {
    this.#stop.abort();
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    const returned = Promise.resolve(this.#source.return?.());
    if (this.#isOwed) {
      returned.catch(() => {}); // a source that still owes an input may never give it, and would not return before
    } else {
      await returned;
    }
  }

  #hasRoom(): boolean {
    const { concurrency, window } = this.#plan;
    const isOver = this.#ended || this.#isOwed || this.#stop.signal.aborted;
    return !isOver && this.#running < concurrency && this.#taken - this.#given < window;
  }

  #pull(): void {
    try {
      const step = this.#source.next();
      if (typeof step === 'object' && step !== null && 'then' in step) {
        this.#isOwed = true;
        step.then(this.#take).catch(this.#fail).then(this.#paid);
      } else {
        this.#take(step);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #take = (step: IteratorResult<I>): void => {
    if (typeof step !== 'object' || step === null) {
      throw new TypeError(`the iterator of the inputs gave ${String(step)}, which is no { done, value }`);
    }
    if (step.done) {
      this.#ended = true;
    } else if (!this.#stop.signal.aborted) {
      this.#begin(this.#taken++, step.value);
    }
  };

  readonly #fail = (error: unknown): void => {
    if (!this.#ended) {
      this.#ended = true;
      this.#failure = { error };
    }
  };

  readonly #paid = (): void => {
    this.#isOwed = false;
    this.#wake();
  };

  async #begin(index: number, input: I): Promise<void> {
    this.#running += 1;
    this.#finished.set(index, await this.#row(index, input));
    this.#running -= 1;
    this.#wake();
  }

  async #row(index: number, input: I): Promise<BulkRow<I, R>> {
    const { call, own, caller } = this.#plan;
    try {
      const { id, record } = await call(input, { ...own, signal: this.#stop.signal });
      return { ok: true, index, input, id, ...(record && { record }) } as BulkRow<I, R>;
    } catch (error) {
      if (error instanceof EgitoError) {
        error.stack += caller; // nobody waits for this call, so that no stack of its own leads to whoever began it
      }
      return { ok: false, index, input, error: error as EgitoError };
    }
  }
}
