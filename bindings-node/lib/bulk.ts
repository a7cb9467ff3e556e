/** Many inputs, one call each: a bounded number at a time, one row for each input, in order. */

import { type BulkAction, BulkCalls } from './bulk-calls.js';
import type { InputIterator } from './bulk-source.js';
import type { BulkRow, Inputs, Progress } from './bulk-types.js';
import { CancelledError } from './errors.js';
import { type DisposableIterator, stoppable } from './iterate.js';
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
  /** Called after each call that finishes, also while its row waits for a slower one. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** `true` gives the rows one after the other, in constant memory, instead of all at the end. */
  readonly stream?: boolean | undefined;
}

/** The names of these. */
const NAMES = [...CALL, 'concurrency', 'outageTimeoutMs', 'maxFailures', 'onProgress', 'stream'] as const;

/** Begins a bulk of the core. Throws `ConfigError` for a wrong option. */
export type Begin = (
  chosen: Pick<BulkOptions, 'concurrency' | 'outageTimeoutMs' | 'maxFailures'>,
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
): DisposableIterator<BulkRow<I, R>> | Promise<BulkRow<I, R>[]> {
  const job = (): Job<I, R> => {
    const { concurrency, outageTimeoutMs, maxFailures, onProgress, stream = false, ...own } = options(given, ...NAMES);
    if (onProgress !== undefined && typeof onProgress !== 'function') {
      throw wrong('onProgress', `\`onProgress\` is a function, not ${named(onProgress)}`);
    }
    const iterate = iterator(inputs);
    const chosen = { concurrency, outageTimeoutMs, maxFailures };
    const native = begin(chosen, !stream, onProgress !== undefined, own);
    const stop = new AbortController();
    const open = () => new BulkCalls(native, action, iterate(), { stop, caller, onProgress });
    return { open, stop, signal: own.signal };
  };
  return given?.stream === true ? streamed(job()) : gathered(job);
}

/** The rows one after the other. Leaving them ends the calls in flight. */
function streamed<I, R>(job: Job<I, R>): DisposableIterator<BulkRow<I, R>> {
  return stoppable(report(job), () => job.stop.abort());
}

async function* report<I, R>(job: Job<I, R>): AsyncGenerator<BulkRow<I, R>, void, void> {
  const untie = tied(job);
  let calls: BulkCalls<I, R> | undefined;
  try {
    calls = job.open();
    for (let row = await calls.next(); row !== undefined; row = await calls.next()) {
      yield row;
    }
    refuseToBeWhole(job, 'the rows before this error tell what was done');
  } finally {
    untie?.();
    await calls?.end();
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
    refuseToBeWhole(job, 'its `rows` tell what was done');
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
function refuseToBeWhole<I, R>({ stop: { signal } }: Job<I, R>, where: string): void {
  if (signal.aborted) {
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
