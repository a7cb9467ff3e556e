/** The public types of a bulk: its inputs, progress and rows. */

import type { EgitoError } from './egito-error.js';
import type { RecordId } from './record.js';

/** The inputs of a bulk. They are read as they are needed, so their number does not cost memory. */
export type Inputs<I> = Iterable<I> | AsyncIterable<I>;

/** The progress of a bulk. */
export interface Progress {
  /** Number of calls that have finished, in any order. */
  readonly done: number;
  /** Number of these calls that failed. */
  readonly failed: number;
}

/** The result of one input of a bulk. `R` is the record that `getMany` reads. */
export type BulkRow<I = unknown, R = undefined> = BulkSuccess<I, R> | BulkFailure<I>;

/** The row of a call that succeeded. */
export interface BulkSuccess<I, R> {
  /** Whether the call succeeded. */
  readonly ok: true;
  /** Index of the input, from 0. */
  readonly index: number;
  /** The input itself. */
  readonly input: I;
  /** Id of the record that was created, read, changed or deleted. */
  readonly id: RecordId;
  /** The record that was read. */
  readonly record: R;
  /** Not set. */
  readonly error?: undefined;
}

/** The row of a call that failed. */
export interface BulkFailure<I> {
  /** Whether the call succeeded. */
  readonly ok: false;
  /** Index of the input, from 0. */
  readonly index: number;
  /** The input itself. */
  readonly input: I;
  /** Why the call failed. */
  readonly error: EgitoError;
  /** Not set. */
  readonly id?: undefined;
  /** Not set. */
  readonly record?: undefined;
}
