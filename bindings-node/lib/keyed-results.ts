/** Results of calls that find a record by its key. */

import type { RecordId } from './record.js';

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
