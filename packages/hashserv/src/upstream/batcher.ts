interface Asked<Query, Answer> {
  readonly queries: readonly Query[];
  readonly resolve: (answers: readonly Answer[]) => void;
}

/** Queries sent together; more would take too long for one deadline. */
const MAX_BATCH = 4096;

/** Joins queries that arrive while others are under way, so that all of them take one round trip. */
export class Batcher<Query, Answer> {
  readonly #send: (queries: readonly Query[]) => Promise<readonly Answer[]>;
  readonly #waiting: Asked<Query, Answer>[] = [];
  #busy = false;

  /** @param send gives an answer for each query, in order; must not fail */
  constructor(send: (queries: readonly Query[]) => Promise<readonly Answer[]>) {
    this.#send = send;
  }

  ask(queries: readonly Query[]): Promise<readonly Answer[]> {
    return new Promise((resolve) => {
      this.#waiting.push({ queries, resolve });
      if (!this.#busy) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#busy = true;
    while (this.#waiting.length > 0) {
      const asked = this.#takeBatch();
      const answers = await this.#send(asked.flatMap(({ queries }) => queries));
      let at = 0;
      for (const { queries, resolve } of asked) {
        resolve(answers.slice(at, at + queries.length));
        at += queries.length;
      }
    }
    this.#busy = false;
  }

  /** At least one, however long. */
  #takeBatch(): readonly Asked<Query, Answer>[] {
    let [count, queries] = [0, 0];
    for (const asked of this.#waiting) {
      queries += asked.queries.length;
      if (count > 0 && queries > MAX_BATCH) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }
}
