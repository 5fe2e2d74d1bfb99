/** Things that several make at the same time, and one takes in an order that was known before. */
export class InOrder<T> {
  readonly #order: readonly string[];
  readonly #take: (thing: T) => Promise<void>;
  readonly #waiting = new Map<string, { readonly thing: T; readonly taken: (problem?: unknown) => void }>();
  #next = 0;
  #isTaking = false;

  /** @param order names of all things to come */
  constructor(order: readonly string[], take: (thing: T) => Promise<void>) {
    this.#order = order;
    this.#take = take;
  }

  /** Resolves when the thing is taken. @throws what taking it failed with */
  give(name: string, thing: T): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.set(name, { thing, taken: (problem) => (problem === undefined ? resolve() : reject(problem)) });
      void this.#takeAll();
    });
  }

  async #takeAll(): Promise<void> {
    if (this.#isTaking) return;
    this.#isTaking = true;
    for (;;) {
      const name = this.#order[this.#next] ?? "";
      const next = this.#waiting.get(name);
      if (next === undefined) break;
      this.#waiting.delete(name);
      this.#next++;
      try {
        await this.#take(next.thing);
        next.taken();
      } catch (problem) {
        next.taken(problem ?? new Error("not taken"));
      }
    }
    this.#isTaking = false;
  }
}

/** How many things may be under way before who makes them waits. */
const MOST = 8;

/** Things of one maker that are given and not taken yet: when they are many, the maker waits. */
export class Backlog {
  readonly #given: Promise<void>[] = [];

  async add(taken: Promise<void>): Promise<void> {
    taken.catch(() => {}); // told by who waits for it
    this.#given.push(taken);
    if (this.#given.length > MOST) await this.#given.shift();
  }

  /** Resolves when all are taken. */
  async end(): Promise<void> {
    await Promise.all(this.#given);
  }
}
