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
