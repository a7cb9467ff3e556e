/** The two forms of a bulk: all rows at the end, or one after the other. */

import type { BulkRow, Progress } from './bulk.js';
import { type Call, Calls, type Source } from './bulk-calls.js';
import { CancelledError } from './errors.js';
import { stoppable } from './iterate.js';
import type { CallOptions } from './options.js';
import { tie } from './signal.js';

/** Rows that a stream keeps for each call at one time, while they wait for one before them. */
const KEPT = 16;

/** A bulk whose arguments are right. */
export interface Job<I, R> {
  readonly open: () => Source<I>;
  readonly call: Call<I, R>;
  readonly concurrency: number;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  /** What the caller told every call. */
  readonly own: CallOptions;
  /** Where the bulk was begun, as lines of a stack. */
  readonly caller: string;
}

/** The rows one after the other. Leaving them ends the calls under way; nothing begins before the first is wanted. */
export function streamed<I, R>(job: Job<I, R>): AsyncIterableIterator<BulkRow<I, R>> {
  const stop = new AbortController();
  return stoppable(report(job, stop), () => stop.abort());
}

async function* report<I, R>(job: Job<I, R>, stop: AbortController): AsyncGenerator<BulkRow<I, R>, void, void> {
  const untie = tied(job.own.signal, stop);
  let calls: Calls<I, R> | undefined;
  try {
    calls = new Calls(job.open(), { ...job, window: KEPT * job.concurrency }, stop);
    const tell = teller(job);
    for (let row = await calls.next(); row !== undefined; row = await calls.next()) {
      tell(row);
      yield row;
    }
    refuseToBeWhole(stop, 'the rows before this error tell what was done');
  } finally {
    untie?.();
    await calls?.end();
  }
}

/** All rows, once the last is known. What is thrown meanwhile has those known by then, those of the calls under way included. */
export async function gathered<I, R>(job: Job<I, R>): Promise<BulkRow<I, R>[]> {
  const stop = new AbortController();
  const untie = tied(job.own.signal, stop);
  const rows: BulkRow<I, R>[] = [];
  let calls: Calls<I, R> | undefined;
  try {
    calls = new Calls(job.open(), { ...job, window: Number.POSITIVE_INFINITY }, stop);
    const tell = teller(job);
    for (let row = await calls.next(); row !== undefined; row = await calls.next()) {
      rows.push(row);
      tell(row);
    }
    refuseToBeWhole(stop, 'its `rows` tell what was done');
  } catch (error) {
    throw withRows(error, rows.concat((await calls?.rest(error)) ?? []));
  } finally {
    untie?.();
  }
  return rows;
}

/** Lets the caller's signal stop the bulk. */
function tied(signal: AbortSignal | undefined, stop: AbortController): (() => void) | undefined {
  return signal && tie(signal, { cancel: () => stop.abort(signal.reason) });
}

/** Counts rows for `onProgress`. */
function teller<I, R>({ onProgress }: Job<I, R>): (row: BulkRow<I, R>) => void {
  let [done, failed] = [0, 0];
  return (row) => {
    done += 1;
    failed += row.ok ? 0 : 1;
    onProgress?.({ done, failed });
  };
}

/** A bulk that was stopped has no row for the inputs that it did not take. */
function refuseToBeWhole({ signal }: AbortController, where: string): void {
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
