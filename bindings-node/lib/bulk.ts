/** Bulks: one call for each of many inputs, a limited number at a time, with one row for each input, in order. */

import { bindMethods } from './bound-methods.js';
import type { BulkAction } from './bulk-actions.js';
import type { InputIterator } from './bulk-inputs.js';
import { BulkRunner } from './bulk-runner.js';
import type { BulkRow, Inputs, Progress } from './bulk-types.js';
import { CancelledError } from './generated/error-classes.js';
import { type DisposableIterator, throwIfConsumed } from './iterators.js';
import type { KeyOptions } from './key-options.js';
import type { NativeBulk } from './native.js';
import { CALL_OPTIONS, type CallOptions, checkOptions } from './options.js';
import { linkSignal } from './signal.js';
import { configError, describe, unserializableReason } from './values.js';

/** Options of a bulk. */
export interface BulkOptions extends CallOptions {
  /** Maximum number of calls in flight. Default 8; the settings `maxConcurrency` and `requestsPerSecond` limit it as well. */
  readonly concurrency?: number | undefined;
  /**
   * Maximum time, in milliseconds, to wait for a server that does not respond. The bulk pauses and probes the server; after this time
   * every further input has a row with a `ConnectionError` and the outcome `not_sent`. Default 300,000; 0 disables the pause.
   */
  readonly outageTimeoutMs?: number | undefined;
  /**
   * Maximum number of failed rows. After it nothing more is sent, and the other inputs have rows with a `CancelledError` and the
   * outcome `not_sent`. No limit by default.
   */
  readonly maxFailures?: number | undefined;
  /** Maximum time, in milliseconds, for calls in flight to finish after the bulk was cancelled. Default 5,000. */
  readonly cancelGraceMs?: number | undefined;
  /** Called after each call that finishes, also while its row waits for a slower one. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** Options of a bulk that writes. */
export interface WriteBulkOptions extends BulkOptions {
  /**
   * Path of a file that keeps what was done. The same call with the same journal continues after an interruption: rows that were done
   * are returned from the journal, as `resumed`, and not sent again.
   */
  readonly journal?: string | undefined;
}

/** Options of {@link Entity.createMany}. `F` is the type of the names of fields. */
export interface CreateManyOptions<F extends string = string> extends WriteBulkOptions, Omit<KeyOptions<F>, 'key'> {
  /**
   * Field that identifies a record, or several fields. With it, a record is looked for if the outcome of its create is unknown,
   * instead of reporting an `OutcomeUnknownError`. It is not looked for before it is created.
   */
  readonly key?: F | readonly F[] | undefined;
}

/** Options of {@link Entity.upsertMany}. `F` is the type of the names of fields. */
export interface UpsertManyOptions<F extends string = string> extends WriteBulkOptions, KeyOptions<F> {}

/** Options of {@link Entity.planUpsert}. `F` is the type of the names of fields. */
export interface PlanUpsertOptions<F extends string = string> extends BulkOptions, KeyOptions<F> {}

/** The options of all bulks. The core checks which of them the action of a bulk has. */
export type AnyBulkOptions = CreateManyOptions;

const BULK_OPTIONS = [
  ...CALL_OPTIONS,
  'concurrency',
  'outageTimeoutMs',
  'maxFailures',
  'cancelGraceMs',
  'onProgress',
  'journal',
  'key',
  'settleMs',
  'lookup',
] as const;

/** Opens a bulk of the core. Throws `ConfigError` for an invalid option. */
export type OpenBulk = (
  options: object,
  keepAllRows: boolean,
  reportProgress: boolean,
  callOptions: CallOptions,
) => NativeBulk;

/** A bulk whose arguments are valid, and which has not started. */
export interface PreparedBulk<I, Row> {
  readonly start: () => BulkRunner<I, Row>;
  /** Ends a bulk that was not started, so that nothing keeps its journal locked. */
  readonly discard: () => void;
  readonly abort: AbortController;
  readonly signal: AbortSignal | undefined;
}

/**
 * Checks the arguments of a bulk. `keepAllRows` is for bulks whose rows are collected; `callerStack` is added to the stacks of errors
 * in rows.
 */
export function prepareBulk<I, Row>(
  open: OpenBulk,
  action: BulkAction<I>,
  inputs: Inputs<I>,
  options: AnyBulkOptions,
  keepAllRows: boolean,
  callerStack: string,
): PreparedBulk<I, Row> {
  const { onProgress, signal, timeoutMs, maxRetries, headers, ...bulkOptions } = checkOptions(options, ...BULK_OPTIONS);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw configError('onProgress', `invalid \`onProgress\`: expected a function, got ${describe(onProgress)}`);
  }
  const iterate = iteratorOf(inputs);
  const callOptions = { signal, timeoutMs, maxRetries, headers };
  const native = open(bulkOptions, keepAllRows, onProgress !== undefined, callOptions);
  const abort = new AbortController();
  const start = () => new BulkRunner<I, Row>(native, action, iterate(), { abort, callerStack, onProgress });
  const discard = () => void native.step(false);
  return { start, discard, abort, signal };
}

/**
 * Runs a bulk and returns all of its rows. An error has the rows that are known by then as `rows`, those of the calls in flight
 * included.
 */
export async function collectRows<I, Row>(prepare: () => PreparedBulk<I, Row>): Promise<Row[]> {
  const bulk = prepare();
  const unlink = linkBulk(bulk);
  const rows: Row[] = [];
  let runner: BulkRunner<I, Row> | undefined;
  try {
    runner = bulk.start();
    for (let row = await runner.next(); row !== undefined; row = await runner.next()) {
      rows.push(row);
    }
    throwIfIncomplete(bulk, runner, 'its `rows` show what was done');
  } catch (error) {
    if (runner === undefined) {
      bulk.discard();
    }
    throw withRows(error, rows.concat((await runner?.drain(error)) ?? []));
  } finally {
    unlink?.();
  }
  return rows;
}

/** The rows of a bulk, one after the other, as {@link Entity.streamCreateMany} returns them. */
export type BulkRows<I, R = undefined> = RowIterator<BulkRow<I, R>>;

/** Rows of type `Row`, one after the other, as the streams of {@link Entity} return them. */
export interface RowIterator<Row> extends DisposableIterator<Row> {
  /**
   * Cancels the bulk: no further input is read, and calls in flight have `cancelGraceMs` to finish. Leaving a `for await` loop
   * does this. A second call cancels the calls in flight at once.
   */
  return(): Promise<IteratorResult<Row, undefined>>;
  /** Cancels the bulk, if it has not ended, and returns the rows that were not read. It works after a loop was left, too. */
  rest(): Promise<Row[]>;
}

/** Returns the rows of a bulk as an iterator. Nothing is sent before the first row is read. */
export function streamRows<I, Row>(bulk: PreparedBulk<I, Row>): RowIterator<Row> {
  return new BulkRowIterator(bulk);
}

const END: IteratorReturnResult<undefined> = { done: true, value: undefined };

class BulkRowIterator<I, Row> implements RowIterator<Row> {
  readonly #bulk: PreparedBulk<I, Row>;
  #runner: BulkRunner<I, Row> | undefined;
  #unlink: (() => void) | undefined;
  /** The latest step. Steps run one after the other, even if `next` is called before the last one has finished. */
  #lastStep: Promise<unknown> = Promise.resolve();
  #hasEnded = false;
  /** Set when the loop was left; resolves when the calls in flight have finished. */
  #left: Promise<void> | undefined;
  readonly #unread: Row[] = [];

  constructor(bulk: PreparedBulk<I, Row>) {
    this.#bulk = bulk;
    bindMethods(this, BulkRowIterator.prototype);
  }

  async next(): Promise<IteratorResult<Row, undefined>> {
    const lastStep = this.#lastStep;
    let finish = () => {};
    this.#lastStep = new Promise<void>((resolve) => {
      finish = resolve;
    });
    await lastStep;
    try {
      return await this.#step(); // only the caller awaits this promise, so an error's stack leads to the loop
    } finally {
      finish();
    }
  }

  async return(): Promise<IteratorResult<Row, undefined>> {
    if (this.#left === undefined) {
      this.#left = this.#leave();
    } else {
      this.#runner?.cancelCalls();
    }
    await this.#left;
    return END;
  }

  async rest(): Promise<Row[]> {
    await (this.#left ?? this.return());
    return this.#unread.splice(0);
  }

  [Symbol.asyncIterator](): this {
    throwIfConsumed(this.#hasEnded || this.#left !== undefined, 'the rows of this bulk', 'read the rest with `rest()`');
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  async #step(): Promise<IteratorResult<Row, undefined>> {
    if (this.#hasEnded || this.#left !== undefined) {
      return END;
    }
    try {
      this.#runner ??= this.#start();
      const row = await this.#runner.next();
      if (row === undefined) {
        if (this.#left === undefined) {
          throwIfIncomplete(this.#bulk, this.#runner, 'the rows before this error show what was done');
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

  #start(): BulkRunner<I, Row> {
    this.#unlink = linkBulk(this.#bulk);
    return this.#bulk.start();
  }

  async #end(): Promise<void> {
    this.#hasEnded = true;
    this.#unlink?.();
    if (this.#runner === undefined) {
      this.#bulk.discard();
    } else {
      this.#unread.push(...(await this.#runner.close()));
    }
  }

  async #leave(): Promise<void> {
    if (this.#bulk.abort.signal.aborted) {
      this.#runner?.cancelCalls();
    }
    this.#bulk.abort.abort();
    await this.#lastStep;
    this.#unread.push(...((await this.#runner?.drain(undefined)) ?? []));
    await this.#end();
  }
}

/** Lets the caller's signal cancel the bulk. Returns a function that removes the link. */
function linkBulk<I, Row>({ signal, abort }: PreparedBulk<I, Row>): (() => void) | undefined {
  return signal && linkSignal(signal, { cancel: () => abort.abort(signal.reason) });
}

/** Throws `CancelledError` if a cancelled bulk has inputs without a row. */
function throwIfIncomplete<I, Row>({ abort }: PreparedBulk<I, Row>, runner: BulkRunner<I, Row>, hint: string): void {
  if (abort.signal.aborted && !runner.isComplete) {
    throw new CancelledError(`the bulk was cancelled; ${hint}`, { cause: abort.signal.reason });
  }
}

/** Returns the error with the rows. They are not enumerable, so that they are not printed: there may be thousands. */
function withRows(error: unknown, rows: readonly unknown[]): unknown {
  const isExtensible = typeof error === 'object' && error !== null && Object.isExtensible(error);
  const message = 'the bulk ended early; its `rows` show what was done';
  const carrier = isExtensible ? error : new Error(message, { cause: error });
  return Object.defineProperty(carrier, 'rows', { value: rows, configurable: true, writable: true });
}

/** Returns a function that opens the iterator of the inputs, to be called when the first row is read. */
function iteratorOf<I>(inputs: Inputs<I>): () => InputIterator<I> {
  if (typeof inputs === 'object' && inputs !== null) {
    if (Symbol.asyncIterator in inputs) {
      return () => inputs[Symbol.asyncIterator]();
    }
    if (Symbol.iterator in inputs) {
      return () => inputs[Symbol.iterator]();
    }
    const reason = unserializableReason(inputs);
    if (reason !== undefined) {
      throw configError('inputs', `invalid inputs: expected an array or another iterable, got ${reason}`);
    }
  }
  throw configError('inputs', `invalid inputs: expected an array or another iterable, got ${describe(inputs)}`);
}
