/** Items that one side makes and another takes, one at a time: neither runs ahead of the other. */
export class Handover<T> implements AsyncIterable<T> {
  #item: { readonly value: T } | undefined;
  #over = false;
  #problem: unknown;
  #wakeTaker: () => void = () => {};
  #wakeGiver: () => void = () => {};

  /** Resolves when the item is taken, or nobody takes any more. */
  async give(value: T): Promise<void> {
    while (this.#item !== undefined && !this.#over) await this.#taken();
    if (this.#over) return;
    this.#item = { value };
    this.#wakeTaker();
    while (this.#item !== undefined && !this.#over) await this.#taken();
  }

  /** There are no more. */
  end(): void {
    this.#over = true;
    this.#wakeTaker();
    this.#wakeGiver();
  }

  /** There will be no more, for this reason: the taker gets it as an error. */
  fail(problem: unknown): void {
    this.#problem = problem ?? new Error("ended");
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) {
        while (this.#item === undefined && !this.#over) {
          await new Promise<void>((resolve) => {
            this.#wakeTaker = resolve;
          });
        }
        if (this.#problem !== undefined) throw this.#problem;
        if (this.#item === undefined) return;
        const { value } = this.#item;
        this.#item = undefined;
        this.#wakeGiver();
        yield value;
      }
    } finally {
      this.end();
    }
  }

  #taken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeGiver = resolve;
    });
  }
}
