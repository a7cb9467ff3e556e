/** Many inputs, one call each: a bounded number at a time, one row for each input, in order. */

import { type BulkAction, BulkCalls } from './bulk-calls.js';
import type { InputIterator } from './bulk-source.js';
import type { BulkRow, Inputs, Progress } from './bulk-types.js';
import { CancelledError } from './generated/error-classes.js';
import { type DisposableIterator, refuseSecondReading } from './iterate.js';
import type { NativeBulk } from './native.js';
import { CALL, type CallOptions, options } from './options.js';
import { tie } from './signal.js';
import { hidden, named, wrong } from './values.js';

/** What a bulk may be told. */
export interface BulkOptions extends CallOptions {
  /** Most calls at one time. Default 8; the settings `maxConcurrency` and `requestsPerSecond` bound it as well. */
  readonly concurrency?: number | undefined;
  /**
   * While the server gives no response, the bulk pauses and probes it; after so many milliseconds it gives up, and every further
   * input has a row with a `ConnectionError` and the outcome `not_sent`. Default 300,000; 0: it never pauses.
   */
  readonly outageTimeoutMs?: number | undefined;
  /**
   * Once so many rows have failed, nothing more is sent; the other inputs have rows with a `CancelledError` and the outcome
   * `not_sent`. No default.
   */
  readonly maxFailures?: number | undefined;
  /** How many milliseconds calls in flight may go on once the bulk is cancelled. Default 5,000. */
  readonly cancelGraceMs?: number | undefined;
  /** Called after each call that finishes, also while its row waits for a slower one. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /**
   * `true` gives the rows one after the other, in constant memory, instead of all at the end. Inputs are taken only while a row is
   * waited for: at most `concurrency` more than rows were read while rows are ready, and at most 16 times as many while a row waits
   * for a slow call.
   */
  readonly stream?: boolean | undefined;
}

/** The names of these. */
const NAMES = [
  ...CALL,
  'concurrency',
  'outageTimeoutMs',
  'maxFailures',
  'cancelGraceMs',
  'onProgress',
  'stream',
] as const;

/** Begins a bulk of the core. Throws `ConfigError` for a wrong option. */
export type Begin = (
  chosen: Pick<BulkOptions, 'concurrency' | 'outageTimeoutMs' | 'maxFailures' | 'cancelGraceMs'>,
  keepAllRows: boolean,
  reportProgress: boolean,
  own: CallOptions,
) => NativeBulk;

/** A bulk whose arguments are right. */
interface Job<I, R> {
  readonly open: () => BulkCalls<I, R>;
  readonly stop: AbortController;
  readonly signal: AbortSignal | undefined;
}

/**
 * The rows, one after the other or all at the end. `caller` is where the bulk was begun, as lines of a stack. Nothing is sent
 * before the first row is wanted.
 */
export function bulk<I, R>(
  begin: Begin,
  action: BulkAction<I, R>,
  inputs: Inputs<I>,
  given: BulkOptions,
  caller: string,
): BulkRows<I, R> | Promise<BulkRow<I, R>[]> {
  const job = (): Job<I, R> => {
    const { onProgress, stream = false, ...others } = options(given, ...NAMES);
    const { concurrency, outageTimeoutMs, maxFailures, cancelGraceMs, ...own } = others;
    if (onProgress !== undefined && typeof onProgress !== 'function') {
      throw wrong('onProgress', `\`onProgress\` is a function, not ${named(onProgress)}`);
    }
    if (typeof stream !== 'boolean') {
      throw wrong('stream', `\`stream\` is true or false, not ${named(stream)}`);
    }
    const iterate = iterator(inputs);
    const chosen = { concurrency, outageTimeoutMs, maxFailures, cancelGraceMs };
    const native = begin(chosen, !stream, onProgress !== undefined, own);
    const stop = new AbortController();
    const open = () => new BulkCalls(native, action, iterate(), { stop, caller, onProgress });
    return { open, stop, signal: own.signal };
  };
  return given?.stream === true ? new Streamed(job()) : gathered(job);
}

/** The rows of a bulk one after the other, by `stream: true`. */
export interface BulkRows<I, R = undefined> extends DisposableIterator<BulkRow<I, R>> {
  /**
   * Ends the bulk: no further input is taken, and calls in flight have `cancelGraceMs` to finish. Leaving a `for await` loop
   * does this. Called again, it ends the calls at once.
   */
  return(): Promise<IteratorResult<BulkRow<I, R>, undefined>>;
  /** Ends the bulk, if it has not ended, and gives the rows that were not read, also after a loop was left. */
  rest(): Promise<BulkRow<I, R>[]>;
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

class Streamed<I, R> implements BulkRows<I, R> {
  readonly #job: Job<I, R>;
  #calls: BulkCalls<I, R> | undefined;
  #untie: (() => void) | undefined;
  /** The steps come one after the other, also if `next` is called before the last one has ended. */
  #last: Promise<unknown> = Promise.resolve();
  #hasEnded = false;
  /** Once the loop was left: resolves when the calls in flight have ended. */
  #left: Promise<void> | undefined;
  readonly #unread: BulkRow<I, R>[] = [];

  constructor(job: Job<I, R>) {
    this.#job = job;
  }

  async next(): Promise<IteratorResult<BulkRow<I, R>, undefined>> {
    const last = this.#last;
    let hasEnded = () => {};
    this.#last = new Promise<void>((resolve) => {
      hasEnded = resolve;
    });
    await last;
    try {
      return await this.#step(); // nothing else waits for this promise, so that an error's stack leads to the loop
    } finally {
      hasEnded();
    }
  }

  async return(): Promise<IteratorResult<BulkRow<I, R>, undefined>> {
    if (this.#left === undefined) {
      this.#left = this.#leave();
    } else {
      this.#calls?.cancel(); // the second time: at once
    }
    await this.#left;
    return END;
  }

  async rest(): Promise<BulkRow<I, R>[]> {
    await (this.#left ?? this.return());
    return this.#unread.splice(0);
  }

  [Symbol.asyncIterator](): this {
    refuseSecondReading(
      this.#hasEnded || this.#left !== undefined,
      'the rows of this bulk',
      'read the rest by `rest()`',
    );
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #step(): Promise<IteratorResult<BulkRow<I, R>, undefined>> {
    if (this.#hasEnded || this.#left !== undefined) {
      return END;
    }
    try {
      this.#calls ??= this.#open();
      const row = await this.#calls.next();
      if (row === undefined) {
        if (this.#left === undefined) {
          refuseToBeWhole(this.#job, this.#calls, 'the rows before this error tell what was done');
        }
        await this.#end();
        return END;
      }
      if (this.#left === undefined) {
        return { done: false, value: row };
      }
      this.#unread.push(row);
      return END;
    } catch (error) {
      await this.#end();
      if (this.#left !== undefined) {
        return END;
      }
      throw error;
    }
  }

  #open(): BulkCalls<I, R> {
    this.#untie = tied(this.#job);
    return this.#job.open();
  }

  async #end(): Promise<void> {
    this.#hasEnded = true;
    this.#untie?.();
    await this.#calls?.end();
  }

  async #leave(): Promise<void> {
    if (this.#job.stop.signal.aborted) {
      this.#calls?.cancel(); // it was cancelled before: the second time ends the calls at once
    }
    this.#job.stop.abort();
    await this.#last;
    this.#unread.push(...((await this.#calls?.rest(undefined)) ?? []));
    await this.#end();
  }
}

/** All rows, once the last is known. What is thrown meanwhile has those known by then, those of the calls in flight included. */
async function gathered<I, R>(begin: () => Job<I, R>): Promise<BulkRow<I, R>[]> {
  const job = begin();
  const untie = tied(job);
  const rows: BulkRow<I, R>[] = [];
  let calls: BulkCalls<I, R> | undefined;
  try {
    calls = job.open();
    for (let row = await calls.next(); row !== undefined; row = await calls.next()) {
      rows.push(row);
    }
    refuseToBeWhole(job, calls, 'its `rows` tell what was done');
  } catch (error) {
    throw withRows(error, rows.concat((await calls?.rest(error)) ?? []));
  } finally {
    untie?.();
  }
  return rows;
}

/** Lets the caller's signal stop the bulk. */
function tied<I, R>({ signal, stop }: Job<I, R>): (() => void) | undefined {
  return signal && tie(signal, { cancel: () => stop.abort(signal.reason) });
}

/** A bulk that was stopped has no row for the inputs that it did not take. */
function refuseToBeWhole<I, R>({ stop: { signal } }: Job<I, R>, calls: BulkCalls<I, R>, where: string): void {
  if (signal.aborted && !calls.isComplete) {
    throw new CancelledError(`the bulk was cancelled; ${where}`, { cause: signal.reason });
  }
}

/** What was thrown, with the rows. They are not shown where it is printed: there may be thousands, with all their inputs. */
function withRows(error: unknown, rows: readonly BulkRow<unknown, unknown>[]): unknown {
  const isOpen = typeof error === 'object' && error !== null && Object.isExtensible(error);
  const carrier = isOpen ? error : new Error('the bulk ended early; its `rows` tell what was done', { cause: error });
  return Object.defineProperty(carrier, 'rows', { value: rows, configurable: true, writable: true });
}

/** What opens the inputs, which are not touched before the first row is wanted. */
function iterator<I>(inputs: Inputs<I>): () => InputIterator<I> {
  if (typeof inputs === 'object' && inputs !== null) {
    if (Symbol.asyncIterator in inputs) {
      return () => inputs[Symbol.asyncIterator]();
    }
    if (Symbol.iterator in inputs) {
      return () => inputs[Symbol.iterator]();
    }
    const why = hidden(inputs);
    if (why !== undefined) {
      throw wrong('inputs', `the inputs are ${why}`);
    }
  }
  throw wrong('inputs', `the inputs are an array or another iterable, not ${named(inputs)}`);
}
