import type { RequestStats } from "@depid/hashserv-protocol";

/** Counts requests and their times for get-stats; one for all connections of a server (section 7). */
export class RequestCounter {
  #count = 0;
  #total = 0;
  #max = 0;
  /** Sum of squared distances from the mean, kept up to date as in Welford's method. */
  #squares = 0;

  /**
   * Adds requests that were handled together.
   *
   * @param seconds all of them took
   */
  add(seconds: number, count = 1): void {
    const each = seconds / count;
    for (let i = 0; i < count; i++) {
      const before = this.#count === 0 ? 0 : this.#total / this.#count;
      this.#count += 1;
      this.#total += each;
      this.#squares += (each - before) * (each - this.#total / this.#count);
    }
    this.#max = Math.max(this.#max, each);
  }

  /** Begins anew. */
  reset(): void {
    [this.#count, this.#total, this.#max, this.#squares] = [0, 0, 0, 0];
  }

  /** The numbers so far. */
  stats(): RequestStats {
    const count = this.#count;
    return {
      count,
      totalTime: this.#total,
      maxTime: this.#max,
      average: count === 0 ? 0 : this.#total / count,
      deviation: count < 2 ? 0 : Math.sqrt(this.#squares / (count - 1)),
    };
  }
}
