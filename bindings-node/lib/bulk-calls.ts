/** Drives a bulk of the core: hands it inputs while it has room, and takes its rows. */

import { ask, resultOf } from './ask.js';
import { type InputIterator, Source } from './bulk-source.js';
import type { BulkRow, Progress } from './bulk-types.js';
import { EgitoError } from './egito-error.js';
import type { NativeBulk, Reply } from './native.js';
import type { RecordId } from './record.js';
import { Turn } from './turn.js';

/** How the inputs of one action are sent, and what its result says. */
export interface BulkAction<I, R> {
  readonly name: 'create' | 'get' | 'update' | 'delete';
  /** The id and the record of an input as JSON. Throws if it cannot be sent. */
  readonly write: (input: I) => readonly [id?: string | undefined, record?: string];
  readonly read: (result: unknown) => { readonly id: RecordId; readonly record?: R };
}

/** What a bulk reports to, and what ends it. */
export interface BulkContext {
  readonly stop: AbortController;
  /** Where the bulk was begun, as lines of a stack. */
  readonly caller: string;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** An input that has no row yet, and why it cannot be sent. */
interface Unread<I> {
  readonly input: I;
  readonly refused?: { readonly error: unknown };
}

/** The calls of a bulk, and their rows in the order of the inputs. */
export class BulkCalls<I, R> {
  readonly #native: NativeBulk;
  readonly #action: BulkAction<I, R>;
  readonly #source: Source<I>;
  readonly #stop: AbortController;
  readonly #caller: string;
  readonly #onProgress: BulkContext['onProgress'];
  readonly #unread = new Map<number, Unread<I>>();
  readonly #turn = new Turn();
  #taken = 0;
  #given = 0;
  #isWatching = false;
  /** Called when something has happened that `next` waits for. */
  #wake = () => {};

  constructor(
    native: NativeBulk,
    action: BulkAction<I, R>,
    inputs: InputIterator<I>,
    { stop, caller, onProgress }: BulkContext,
  ) {
    this.#native = native;
    this.#action = action;
    this.#source = new Source(inputs, this.#push, () => this.#wake());
    this.#stop = stop;
    this.#caller = caller;
    this.#onProgress = onProgress;
    stop.signal.addEventListener('abort', this.#cancel, { once: true });
    if (stop.signal.aborted) {
      this.#cancel();
    }
  }

  /**
   * The next row; `undefined` after the last, also if the bulk was stopped. Throws what the inputs threw after the rows of the
   * calls in flight.
   */
  async next(): Promise<BulkRow<I, R> | undefined> {
    for (;;) {
      await this.#turn.give(); // rows that are no calls come without a wait
      const step = this.#native.step(this.#source.hasNext);
      if (Array.isArray(step)) {
        this.#report({ done: step[0], failed: step[1] });
      } else if (typeof step === 'object') {
        return this.#row(step);
      } else if (step === true) {
        this.#source.take();
      } else if (step === false && (!this.#source.isPending || this.#stop.signal.aborted)) {
        this.#source.check();
        return undefined;
      } else {
        await this.#change(step === undefined);
      }
    }
  }

  /** Whether every input was taken. */
  get isComplete(): boolean {
    return this.#source.isExhausted;
  }

  #report(progress: Progress): void {
    if (!this.#stop.signal.aborted) {
      this.#onProgress?.(progress);
    }
  }

  /** Cancels the bulk once more, so that the calls in flight end at once. */
  cancel(): void {
    this.#cancel();
  }

  /** Cancels the bulk because of an error, and gives the rows of the calls in flight. */
  async rest(reason: unknown): Promise<BulkRow<I, R>[]> {
    this.#stop.abort(reason);
    await this.#source.close().catch(() => {}); // the error that came first is the one to throw
    const rows: BulkRow<I, R>[] = [];
    for (let row = await this.next(); row !== undefined; row = await this.next()) {
      rows.push(row);
    }
    return rows;
  }

  /** Cancels the bulk, without rows. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#source.close();
  }

  readonly #cancel = (): void => {
    this.#native.cancel();
    this.#wake();
  };

  readonly #push = (input: I): void => {
    if (this.#stop.signal.aborted) {
      return;
    }
    this.#unread.set(this.#taken++, this.#sent(input));
  };

  #sent(input: I): Unread<I> {
    try {
      this.#native.push(...this.#action.write(input));
      return { input };
    } catch (error) {
      this.#native.reject();
      return { input, refused: { error } };
    }
  }

  /** Waits for a pending input and, if there are any, for the calls in flight. */
  #change(hasCalls: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (hasCalls && !this.#isWatching) {
        this.#watch();
      }
    });
  }

  async #watch(): Promise<void> {
    this.#isWatching = true;
    await ask((ticket) => this.#native.ready(ticket, this.#source.hasNext), {});
    this.#isWatching = false;
    this.#wake();
  }

  #row(reply: Reply): BulkRow<I, R> {
    const index = this.#given++;
    const { input, refused } = this.#unread.get(index) as Unread<I>;
    this.#unread.delete(index);
    try {
      if (refused) {
        throw refused.error;
      }
      const result = this.#action.read(resultOf(reply, this.#stop.signal.reason));
      return { ok: true, index, input, ...result } as BulkRow<I, R>;
    } catch (error) {
      if (error instanceof EgitoError) {
        error.stack += this.#caller; // nobody waits for this call, so that its own stack does not lead to its caller
      }
      return { ok: false, index, input, error: error as EgitoError };
    }
  }
}
