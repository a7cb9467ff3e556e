/** Lets long work yield to the event loop, so that it does not block other work. */

/** Milliseconds of work after which it yields. */
const YIELD_AFTER = 1;

/** Yields to the event loop when the work since the last yield took too long. */
export class EventLoopYielder {
  #lastYield = performance.now();

  /** Waits for one turn of the event loop, if a yield is due. */
  async yieldIfDue(): Promise<void> {
    if (performance.now() - this.#lastYield > YIELD_AFTER) {
      await new Promise(setImmediate);
      this.reset();
    }
  }

  /** Notes that the event loop has just run. */
  reset(): void {
    this.#lastYield = performance.now();
  }
}
