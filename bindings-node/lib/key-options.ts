/** Options of calls that find a record by its key. */

import type { CallOptions } from './options.js';

/** Options of {@link Entity.createOnce} and {@link Entity.upsert}. `F` is the type of the names of fields. */
export interface KeyOptions<F extends string = string> extends CallOptions {
  /**
   * Field that identifies the record, such as a tax number or the number of a web form; `account.id` is a field of a reference.
   * Several fields are one key together.
   */
  readonly key: F | readonly F[];
  /** How long to look for the record after a create of unknown outcome, since a slow server may store it late. Default: 10,000. */
  readonly settleMs?: number | undefined;
  /**
   * How to look for a record. `filter` requests a list that is filtered by the key; `scan` reads the whole list, once for a bulk;
   * `auto` uses filters as long as they are cheaper, and scans if the server ignores them. Default: `filter`, for upsert bulks `auto`.
   */
  readonly lookup?: 'filter' | 'scan' | 'auto' | undefined;
}
