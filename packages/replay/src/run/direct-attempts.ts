/** Builds at most that are simulated at once, before one is attempted directly again. */
const MOST_PASSED = 15;

/**
 * When a build that may change its mind is attempted directly: one that has to be given up was done for nothing. Histories in which much is neutral give up nearly
 * all, so that after each failure twice as many builds are simulated at once. What a build comes to is the same either way.
 */
export class DirectAttempts {
  #failures = 0;
  /** Builds still to be passed. */
  #passing = 0;

  /** Asked once a build. */
  isDue(): boolean {
    if (this.#passing === 0) return true;
    this.#passing--;
    return false;
  }

  /** @param isDone whether the attempt was not given up */
  note(isDone: boolean): void {
    this.#failures = isDone ? 0 : this.#failures + 1;
    this.#passing = Math.min(2 ** this.#failures - 1, MOST_PASSED);
  }
}
