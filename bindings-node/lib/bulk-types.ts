/** The public types of a bulk: its inputs, progress and rows. */

import type { EgitoError } from './egito-error.js';
import type { Upserted } from './keyed-results.js';
import type { EgitoRecord, RecordId } from './record.js';

/** One input of `updateMany`: the id of a record, and its changed fields. */
export type Change<T extends object = EgitoRecord> = readonly [id: RecordId, fields: Partial<T>];

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

/** The row of a call that succeeded. `change`, `fields` and `duplicates` are set for a `createMany` with a `key`. */
export interface BulkSuccess<I, R> extends Partial<Omit<Upserted, 'id'>> {
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
  /** Whether an earlier run has made the call, whose `journal` has this result. */
  readonly resumed: boolean;
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
  /** Whether an earlier run has made the call, whose `journal` has this result. */
  readonly resumed: boolean;
  /** Not set. */
  readonly id?: undefined;
  /** Not set. */
  readonly record?: undefined;
  /** Not set. */
  readonly change?: undefined;
  /** Not set. */
  readonly fields?: undefined;
  /** Not set. */
  readonly duplicates?: undefined;
  /** Not set. */
  readonly plannedFor?: undefined;
}

/** The result of one input of `upsertMany` or `applyUpsert`. */
export type UpsertRow<I = unknown> = UpsertSuccess<I> | BulkFailure<I>;

/** The result of one input of `planUpsert`. */
export type UpsertPlanRow<T extends object = EgitoRecord> = PlannedUpsert<T> | BulkFailure<Partial<T>>;

/** The row of an upsert that succeeded. */
export interface UpsertSuccess<I> extends Upserted {
  /** Whether the call succeeded. */
  readonly ok: true;
  /** Index of the input, from 0. */
  readonly index: number;
  /** The input itself. */
  readonly input: I;
  /** Whether an earlier run has made the call, whose `journal` has this result. */
  readonly resumed: boolean;
  /** Not set. */
  readonly error?: undefined;
}

/** The row of an upsert that was planned. */
export interface PlannedUpsert<T extends object> extends Omit<UpsertSuccess<Partial<T>>, 'id'> {
  /** Id of the record with the key, the oldest one if there are several; not set if the record would be created. */
  readonly id?: RecordId | undefined;
  /** What would be written: the whole record, or the fields that differ. Not set if nothing would be written. */
  readonly record?: Partial<T> | undefined;
  /** Entity and key of the plan, such as `Account(nip)`: `applyUpsert` applies it only to these. */
  readonly plannedFor: string;
}
