import type { Example, Sighting } from "./finding.ts";

/** Counts what it is given and keeps the first of it. */
export class Tally implements Sighting {
  readonly examples: Example[] = [];
  readonly #limit: number;
  #count = 0;

  /** @param limit how many examples to keep */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get count(): number {
    return this.#count;
  }

  add(example: Example): void {
    this.#count += 1;
    if (this.examples.length < this.#limit) this.examples.push(example);
  }
}
