/** The public types of a bulk: where its inputs come from, and what became of each. */

import type { EgitoError } from './egito-error.js';
import type { RecordId } from './record.js';

/** Where the inputs of a bulk come from. They are taken as they are needed, so that their number does not cost memory. */
export type Inputs<I> = Iterable<I> | AsyncIterable<I>;

/** How far a bulk has come. */
export interface Progress {
  /** Calls that have finished, in whatever order. */
  readonly done: number;
  /** Those of them that failed. */
  readonly failed: number;
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
