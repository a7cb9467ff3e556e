/** The types of records and their ids. */

/** The key of a record: what the server made it, a number or a text. */
export type RecordId = number | bigint | string;

/** A record as the server wrote it. Its fields differ from one Egito to the next, so any may be read. */
export interface EgitoRecord {
  /** The record's key. */
  id: RecordId;
  // biome-ignore lint/suspicious/noExplicitAny: as with `JSON.parse`, only the reader knows what a field holds
  [field: string]: any;
}

/**
 * A record whose fields are `unknown`, so that the compiler asks for a check of each: `client.entity<UnknownRecord>('Lead')`, or for
 * every entity `new Client<Record<string, UnknownRecord>>(…)`.
 */
export interface UnknownRecord {
  /** The record's key. */
  id: RecordId;
  [field: string]: unknown;
}

/** What the records of the entity `N` look like. */
export type RecordOf<R, N extends string> = N extends keyof R ? R[N] & object : EgitoRecord;

/** The fields that records of the type `T` can be filtered and sorted by, with those of a reference (`account.id`). */
export type FieldOf<T> = string extends keyof T ? string : (keyof T & string) | `${keyof T & string}.${string}`;
