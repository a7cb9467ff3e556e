/** The types of calls that find a record by its key. */

import type { CallOptions } from './options.js';
import type { RecordId } from './record.js';

/** Options of {@link Entity.createOnce} and {@link Entity.upsert}. `F` is the type of the names of fields. */
export interface KeyOptions<F extends string = string> extends CallOptions {
  /**
   * Field that identifies the record, such as a tax number or the number of a web form; `account.id` is a field of a reference.
   * Several fields are one key together.
   */
  readonly key: F | readonly F[];
  /** How long to look for the record after a create of unknown outcome, since a slow server may store it late. Default: 10,000. */
  readonly settleMs?: number | undefined;
  /** `filter` (default) requests a list that is filtered by the key; `scan` reads the whole list, for a server that ignores the filter. */
  readonly lookup?: 'filter' | 'scan' | undefined;
}

/** The result of {@link Entity.createOnce}. */
export interface FoundOrCreated {
  /** Id of the record; the oldest one if several records have the key. */
  readonly id: RecordId;
  /** Whether this call created the record. */
  readonly created: boolean;
  /** Ids of all records with the key if there are several, the oldest first. Otherwise empty. */
  readonly duplicates: readonly RecordId[];
}

/**
 * What an upsert did. `created`: no record had the key. `updated`: some fields of the record with the key differed. `unchanged`: none
 * differed, and nothing was written. `ambiguous`: several records have the key, and nothing was written.
 */
export type UpsertChange = 'created' | 'updated' | 'unchanged' | 'ambiguous';

/** The result of {@link Entity.upsert}. */
export interface Upserted {
  /** Id of the record; the oldest one if several records have the key. */
  readonly id: RecordId;
  /** How the stored record changed. */
  readonly change: UpsertChange;
  /** Names of the updated fields. */
  readonly fields: readonly string[];
  /** Ids of all records with the key if there are several, the oldest first. Otherwise empty. */
  readonly duplicates: readonly RecordId[];
}
