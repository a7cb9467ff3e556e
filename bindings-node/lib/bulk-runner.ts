/** Runs a bulk of the core: passes inputs to it while it has room, and reads its rows. */

import type { BulkAction } from './bulk-actions.js';
import { type InputIterator, InputReader } from './bulk-inputs.js';
import type { Progress } from './bulk-types.js';
import { EgitoError } from './egito-error.js';
import { EventLoopYielder } from './event-loop.js';
import type { NativeBulk, NativeRow } from './native.js';
import { nativeCall, unwrap } from './native-call.js';

/** The environment of a bulk. */
export interface BulkContext {
  /** Cancels the bulk. */
  readonly abort: AbortController;
  /** The stack of the code that started the bulk. */
  readonly callerStack: string;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** An input without a row yet. */
interface PendingInput<I> {
  readonly input: I;
  /** Why it cannot be sent. */
  readonly rejection?: { readonly error: unknown };
}

/** Runs the calls of a bulk, and returns their rows in the order of the inputs. */
export class BulkRunner<I, Row> {
  readonly #native: NativeBulk;
  readonly #action: BulkAction<I>;
  readonly #inputs: InputReader<I>;
  readonly #abort: AbortController;
  readonly #callerStack: string;
  readonly #onProgress: BulkContext['onProgress'];
  readonly #pending = new Map<number, PendingInput<I>>();
  readonly #yielder = new EventLoopYielder();
  #inputCount = 0;
  #rowCount = 0;
  #isWaitingForNative = false;
  /** Wakes `next` when an input or a call has finished. */
  #wake = () => {};

  constructor(
    native: NativeBulk,
    action: BulkAction<I>,
    inputs: InputIterator<I>,
    { abort, callerStack, onProgress }: BulkContext,
  ) {
    this.#native = native;
    this.#action = action;
    this.#inputs = new InputReader(inputs, this.#push, () => this.#wake());
    this.#abort = abort;
    this.#callerStack = callerStack;
    this.#onProgress = onProgress;
    abort.signal.addEventListener('abort', this.#cancel, { once: true });
    if (abort.signal.aborted) {
      this.#cancel();
    }
  }

  /**
   * Returns the next row, `undefined` after the last one, also if the bulk was cancelled. Throws an error of the inputs after the
   * rows of the calls in flight.
   */
  async next(): Promise<Row | undefined> {
    for (;;) {
      await this.#yielder.yieldIfDue(); // rows of invalid inputs need no call, and so do not wait
      const step = this.#native.step(this.#inputs.hasNext);
      if (Array.isArray(step)) {
        this.#report({ done: step[0], failed: step[1] });
      } else if (typeof step === 'object') {
        return this.#row(step);
      } else if (step === true) {
        this.#inputs.read();
      } else if (step === false && (!this.#inputs.isPending || this.#abort.signal.aborted)) {
        this.#inputs.throwFailure();
        return undefined;
      } else {
        await this.#change(step === undefined);
      }
    }
  }

  /** Whether every input was read. */
  get isComplete(): boolean {
    return this.#inputs.isExhausted;
  }

  #report(progress: Progress): void {
    if (!this.#abort.signal.aborted) {
      this.#onProgress?.(progress);
    }
  }

  /** Cancels the calls in flight at once, after the bulk itself was cancelled. */
  cancelCalls(): void {
    this.#cancel();
  }

  /** Cancels the bulk because of an error, and returns the rows of the calls in flight. */
  async drain(reason: unknown): Promise<Row[]> {
    this.#abort.abort(reason);
    await this.#inputs.close().catch(() => {}); // the first error is the one to throw
    const rows: Row[] = [];
    for (let row = await this.next(); row !== undefined; row = await this.next()) {
      rows.push(row);
    }
    return rows;
  }

  /** Cancels the bulk, and returns the rows of the calls in flight. Throws an error of closing the inputs. */
  async close(): Promise<Row[]> {
    this.#abort.abort();
    try {
      await this.#inputs.close();
    } catch (error) {
      await this.drain(undefined);
      throw error;
    }
    return this.drain(undefined);
  }

  readonly #cancel = (): void => {
    this.#native.cancel();
    this.#wake();
  };

  readonly #push = (input: I): void => {
    if (this.#abort.signal.aborted) {
      return;
    }
    this.#pending.set(this.#inputCount++, this.#send(input));
  };

  #send(input: I): PendingInput<I> {
    try {
      this.#native.push(...this.#action.serialize(input));
      return { input };
    } catch (error) {
      this.#native.reject();
      return { input, rejection: { error } };
    }
  }

  /** Waits for a pending input and, if there are any, for the calls in flight. */
  #change(hasCalls: boolean): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
      if (hasCalls && !this.#isWaitingForNative) {
        this.#waitForNative();
      }
    });
  }

  async #waitForNative(): Promise<void> {
    this.#isWaitingForNative = true;
    await nativeCall((callId) => this.#native.ready(callId, this.#inputs.hasNext), {});
    this.#isWaitingForNative = false;
    this.#wake();
  }

  #row({ result: native, resumed }: NativeRow): Row {
    const index = this.#rowCount++;
    const { input, rejection } = this.#pending.get(index) as PendingInput<I>;
    this.#pending.delete(index);
    try {
      if (rejection) {
        throw rejection.error;
      }
      const result = this.#action.toRow(unwrap(native, this.#abort.signal.reason));
      return { ok: true, index, input, ...result, resumed } as Row;
    } catch (error) {
      if (error instanceof EgitoError) {
        error.stack += this.#callerStack; // the call was not awaited by the caller, so its own stack does not show the caller
      }
      return { ok: false, index, input, error, resumed } as Row;
    }
  }
}
