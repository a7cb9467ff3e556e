/** Lists of changes, which end with a mark for the next one. */

import { unwrap } from './native-call.js';
import type { CallOptions } from './options.js';
import type { EgitoRecord } from './record.js';
import { type OnEnd, type OpenList, RecordList } from './record-list.js';
import { configError } from './values.js';

/**
 * The records that were created or changed since an earlier list, the newest first, created by {@link Entity.changes}.
 *
 * ```js
 * const changes = client.accounts.changes({ since: await store.read() });
 * for await (const account of changes) await save(account);
 * await store.write(changes.mark);
 * ```
 */
export class ChangeList<T extends object = EgitoRecord> extends RecordList<T> {
  #mark: string | undefined;
  #reads = 0;

  /** @internal */
  constructor(openList: OpenList, options: object, callOptions: CallOptions) {
    super(openList, options, callOptions, () => this.#beginRead());
  }

  /**
   * The mark to pass as `since` to the next list of changes. Store it after all records of this one were processed.
   *
   * Throws `ConfigError` if the last read of the list, in any way, has not reached the end.
   */
  get mark(): string {
    if (this.#mark === undefined) {
      throw configError(
        'mark',
        'a list of changes has its `mark` after it was read to its end; read all records first',
      );
    }
    return this.#mark;
  }

  /** Only the last read sets the mark. */
  #beginRead(): OnEnd {
    const read = ++this.#reads;
    this.#mark = undefined;
    return (pages) => {
      if (read === this.#reads) {
        this.#mark = unwrap<string | undefined>(pages.mark());
      }
    };
  }
}
