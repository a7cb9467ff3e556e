/** Types of records and their ids. */

/** Id of a record: a number or a string, as the server assigns it. */
export type RecordId = number | bigint | string;

/** A record as the server sent it. Each Egito has its own fields, so any field may be read. */
export interface EgitoRecord {
  /** Id of the record. */
  id: RecordId;
  // biome-ignore lint/suspicious/noExplicitAny: as with `JSON.parse`, only the reader knows the type of a field
  [field: string]: any;
}

/**
 * A record whose fields are `unknown`, so that the compiler requires a check of each: `client.entity<UnknownRecord>('Lead')`, or for
 * every entity `new Client<Record<string, UnknownRecord>>(…)`.
 */
export interface UnknownRecord {
  /** Id of the record. */
  id: RecordId;
  [field: string]: unknown;
}

/** The record type of the entity `N`. */
export type RecordOf<R, N extends string> = N extends keyof R ? R[N] & object : EgitoRecord;

/** Fields to filter and sort records of type `T` by, including fields of a reference (`account.id`). */
export type FieldOf<T> = string extends keyof T ? string : (keyof T & string) | `${keyof T & string}.${string}`;
