/** How a bulk runs: inputs are pulled while there is room, calls go on by themselves, rows come in the order of the inputs. */

import type { BulkRow, Progress } from './bulk.js';
import { CancelledError, type EgitoError } from './errors.js';
import { stoppable } from './iterate.js';
import type { CallOptions } from './options.js';
import { tie } from './signal.js';
import type { RecordId } from './values.js';

/** What is done to one input. */
export type Call<I, R> = (input: I, own: CallOptions) => Promise<{ id: RecordId; record?: R }>;

interface Limits {
  readonly concurrency: number;
  readonly onProgress: ((progress: Progress) => void) | undefined;
  /** What the caller told every call. */
  readonly own: CallOptions;
}

/** The rows. Leaving them ends the calls under way; nothing begins before the first is wanted. */
export function rowsOf<I, R>(
  open: () => Iterator<I> | AsyncIterator<I>,
  call: Call<I, R>,
  limits: Limits,
): AsyncIterableIterator<BulkRow<I, R>> {
  const stop = new AbortController();
  return stoppable(report(open, call, limits, stop), () => stop.abort());
}

async function* report<I, R>(
  open: () => Iterator<I> | AsyncIterator<I>,
  call: Call<I, R>,
  { concurrency, onProgress, own }: Limits,
  stop: AbortController,
): AsyncGenerator<BulkRow<I, R>, void, void> {
  const { signal } = own;
  const untie = signal && tie(signal, { cancel: () => stop.abort(signal.reason) });
  const calls = new Calls(open(), (input) => call(input, { ...own, signal: stop.signal }), concurrency, stop);
  let [done, failed] = [0, 0];
  try {
    for (let row = await calls.next(); row !== undefined; row = await calls.next()) {
      done += 1;
      failed += row.ok ? 0 : 1;
      onProgress?.({ done, failed });
      yield row;
    }
  } finally {
    untie?.();
    await calls.end();
  }
}

/** The calls that are under way, and the inputs they are made from. */
class Calls<I, R> {
  readonly #underWay: Promise<BulkRow<I, R>>[] = [];
  readonly #stopped: Promise<undefined>;
  /** An input that an async source still owes. */
  #owed: Promise<undefined> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #ended = false;
  #taken = 0;

  constructor(
    readonly inputs: Iterator<I> | AsyncIterator<I>,
    readonly call: (input: I) => ReturnType<Call<I, R>>,
    readonly concurrency: number,
    readonly stop: AbortController,
  ) {
    this.#stopped = new Promise((resolve) => {
      stop.signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
  }

  /** The next row; `undefined` after the last. What the inputs throw comes once the calls under way are finished. */
  async next(): Promise<BulkRow<I, R> | undefined> {
    const { signal } = this.stop;
    for (;;) {
      while (!this.#ended && !this.#owed && !signal.aborted && this.#underWay.length < this.concurrency) {
        this.#pull();
      }
      const [first] = this.#underWay;
      if (!first && (!this.#owed || signal.aborted)) {
        break;
      }
      // Whichever comes first: the next row, or the input of a slow source, so that its call need not wait for that row.
      const row = await Promise.race([first ?? this.#stopped, this.#owed ?? first]);
      if (row) {
        this.#underWay.shift();
        return row;
      }
    }
    if (this.#failure) {
      throw this.#failure.error;
    }
    if (signal.aborted) {
      throw new CancelledError('the bulk was cancelled; its rows tell what was done', { cause: signal.reason });
    }
    return undefined;
  }

  /** Ends what is under way. */
  async end(): Promise<void> {
    this.stop.abort();
    if (this.#ended) {
      return;
    }
    this.#ended = true;
    const returned = Promise.resolve(this.inputs.return?.());
    if (this.#owed) {
      returned.catch(() => {}); // a source that still owes an input may never give it, and would not return before
    } else {
      await returned;
    }
  }

  #pull(): void {
    try {
      const step = this.inputs.next();
      if ('then' in step) {
        const owed = step.then(this.#take, this.#fail);
        this.#owed = owed.finally(() => {
          this.#owed = undefined;
        });
      } else {
        this.#take(step);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  readonly #take = (step: IteratorResult<I>): undefined => {
    if (step.done) {
      this.#ended = true;
    } else if (!this.stop.signal.aborted) {
      this.#underWay.push(this.#row(this.#taken++, step.value));
    }
  };

  readonly #fail = (error: unknown): undefined => {
    this.#ended = true;
    this.#failure = { error };
  };

  async #row(index: number, input: I): Promise<BulkRow<I, R>> {
    try {
      const { id, record } = await this.call(input);
      return { ok: true, index, input, id, ...(record && { record }) } as BulkRow<I, R>;
    } catch (error) {
      return { ok: false, index, input, error: error as EgitoError };
    }
  }
}
