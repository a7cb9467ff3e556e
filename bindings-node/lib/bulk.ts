/** Many inputs, one call each: a bounded number at a time, one row for each input, in order. */

import type { Call, Source } from './bulk-calls.js';
import { gathered, type Job, streamed } from './bulk-rows.js';
import type { EgitoError } from './errors.js';
import { CALL, type CallOptions, options, whole } from './options.js';
import { hidden, named, type RecordId, wrong } from './values.js';

/** Where the inputs of a bulk come from. They are taken as they are needed, so that their number does not cost memory. */
export type Inputs<I> = Iterable<I> | AsyncIterable<I>;

/** How far a bulk has come. */
export interface Progress {
  /** Rows that are finished. */
  readonly done: number;
  /** Those of them that failed. */
  readonly failed: number;
}

/** What a bulk may be told. */
export interface BulkOptions extends CallOptions {
  /** Most calls at one time. Default 8; the settings `maxConcurrency` and `requestsPerSecond` bound it as well. */
  readonly concurrency?: number | undefined;
  /** Called after each row. */
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** `true` gives the rows one after the other, in constant memory, instead of all at the end. */
  readonly stream?: boolean | undefined;
}

/** One input's line in the report of a bulk. `R` is what a `getMany` reads. */
export type BulkRow<I = unknown, R = undefined> = BulkSuccess<I, R> | BulkFailure<I>;

/** The row of a call that succeeded. */
export interface BulkSuccess<I, R> {
  /** Tells it from a failure. */
  readonly ok: true;
  /** Which input it is, from 0. */
  readonly index: number;
  /** The input itself, as it was given. */
  readonly input: I;
  /** Id of the record that was created, read, changed or deleted. */
  readonly id: RecordId;
  /** The record that was read. */
  readonly record: R;
  /** There is none. */
  readonly error?: undefined;
}

/** The row of a call that failed. */
export interface BulkFailure<I> {
  /** Tells it from a success. */
  readonly ok: false;
  /** Which input it is, from 0. */
  readonly index: number;
  /** The input itself, as it was given. */
  readonly input: I;
  /** Why it failed. */
  readonly error: EgitoError;
  /** There is none. */
  readonly id?: undefined;
  /** There is none. */
  readonly record?: undefined;
}

/** Calls at one time, where the caller does not say: as in the core. */
const CONCURRENCY = 8;

/** The rows one after the other. What is wrong with the arguments is thrown at once. */
export function bulkStream<I, R>(
  inputs: Inputs<I>,
  call: Call<I, R>,
  given: BulkOptions,
  caller: string,
): AsyncIterableIterator<BulkRow<I, R>> {
  return streamed(job(inputs, call, given, caller));
}

/** All rows, once the last is known. */
export async function bulkRows<I, R>(
  inputs: Inputs<I>,
  call: Call<I, R>,
  given: BulkOptions,
  caller: string,
): Promise<BulkRow<I, R>[]> {
  return gathered(job(inputs, call, given, caller));
}

function job<I, R>(inputs: Inputs<I>, call: Call<I, R>, given: BulkOptions, caller: string): Job<I, R> {
  const { concurrency = CONCURRENCY, onProgress, stream: _, ...own } = options(given, ...NAMES);
  whole(concurrency, 'concurrency', 1);
  if (onProgress !== undefined && typeof onProgress !== 'function') {
    throw wrong('onProgress', `\`onProgress\` is a function, not ${named(onProgress)}`);
  }
  return { open: iterator(inputs), call, concurrency, onProgress, own, caller };
}

const NAMES = [...CALL, 'concurrency', 'onProgress', 'stream'] as const;

/** What opens the inputs, which are not touched before the first row is wanted. */
function iterator<I>(inputs: Inputs<I>): () => Source<I> {
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
