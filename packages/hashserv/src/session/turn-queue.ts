/** Runs work in the order it comes, so much of it at a time and no more. */
export class TurnQueue {
  readonly #together: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(together: number) {
    this.#together = together;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#together) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#running++;
    try {
      return await work();
    } finally {
      // Whoever waits takes over the place.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
