/** Milliseconds without asking after a failure; twice as many after each further one, up to a limit. */
const FIRST_PAUSE_MS = 250;
const LAST_PAUSE_MS = 30_000;

/** Leaves somebody alone for a while who has failed to answer. Then one attempt shows whether they are back. */
export class CircuitBreaker {
  readonly #now: () => number;
  #failures = 0;
  #until = 0;
  #trying = false;

  /** @param now milliseconds that only go forward */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Whether attempts are made without restraint. */
  get closed(): boolean {
    return this.#failures === 0;
  }

  /**
   * Makes an attempt.
   *
   * @param onFailure is told why; what it throws, as for an error that is none of theirs, is thrown
   * @returns undefined when they are left alone, or the attempt failed
   */
  async attempt<T>(work: () => Promise<T>, onFailure: (error: unknown) => void): Promise<T | undefined> {
    const before = this.#failures;
    if (before > 0) {
      if (this.#trying || this.#now() < this.#until) return undefined;
      this.#trying = true;
    }
    try {
      const result = await work();
      this.#failures = 0;
      return result;
    } catch (error) {
      // Attempts that were under way together fail as one.
      if (this.#failures === before) this.#fail();
      onFailure(error);
      return undefined;
    } finally {
      if (before > 0) this.#trying = false;
    }
  }

  #fail(): void {
    this.#until = this.#now() + Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LAST_PAUSE_MS);
    this.#failures++;
  }
}
