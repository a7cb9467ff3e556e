/** Work that may be long gives the event loop its turn in between, so that it does not hold up everything else. */

/** Milliseconds after which the event loop gets its turn. */
const TURN = 1;

/** How long the event loop has waited for its turn. */
export class Turn {
  #since = performance.now();

  /** Waits until the event loop has turned, where it has waited for long. */
  async give(): Promise<void> {
    if (performance.now() - this.#since > TURN) {
      await new Promise(setImmediate);
      this.restart();
    }
  }

  /** From now on. */
  restart(): void {
    this.#since = performance.now();
  }
}
