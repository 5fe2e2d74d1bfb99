/** Of each slot the slots of its neighbours. */
export type Neighbours = readonly (readonly number[])[];

/** Topological generations of a graph whose nodes are slots, kept up to date as edges change. */
export class Generations {
  /** By slot: one more than the last of the generations of what it depends on. -1 for what is not there. */
  readonly of: number[] = [];
  /** How many slots each has. */
  readonly #sizes: number[] = [];

  /** How many there are. */
  get count(): number {
    return this.#sizes.length;
  }

  /** @param generation -1 for what is not there any more */
  put(slot: number, generation: number): void {
    while (this.of.length <= slot) this.of.push(-1);
    const before = this.of[slot] as number;
    if (before === generation) return;
    this.of[slot] = generation;
    if (before >= 0) this.#resize(before, -1);
    if (generation >= 0) this.#resize(generation, 1);
  }

  /**
   * Follows a change of edges, in the order of generations, as far as they change.
   *
   * @param seeds slots that depend on others than before, or are new
   * @param below of each slot, in several lists, what it depends on
   * @param above the same edges seen from their other ends
   * @param most how many slots may be looked at
   * @returns false if that is not enough, which may be for a circle: then the generations are worth nothing
   */
  follow(seeds: Iterable<number>, below: readonly Neighbours[], above: readonly Neighbours[], most: number): boolean {
    /** Slots to be looked at, by the generation that they have at least once all below are right. */
    const agenda: number[][] = [];
    /** Where in it a slot counts. */
    const due = new Map<number, number>();
    const add = (slot: number, at: number): void => {
      if ((due.get(slot) ?? -1) >= at) return;
      due.set(slot, at);
      while (agenda.length <= at) agenda.push([]);
      agenda[at]?.push(slot);
    };
    for (const slot of seeds) add(slot, Math.max(0, this.of[slot] ?? 0));
    let looked = 0;
    for (let at = 0; at < agenda.length; at++) {
      for (const slot of agenda[at] as number[]) {
        if (due.get(slot) !== at) continue;
        due.delete(slot);
        looked += 1;
        if (looked > most) return false;
        const before = this.of[slot];
        const generation = this.#find(slot, below);
        if (generation === before) continue;
        this.put(slot, generation);
        for (const lists of above)
          for (const next of lists[slot] as readonly number[])
            add(next, Math.max(at, this.of[next] as number, generation + 1));
      }
    }
    return true;
  }

  #find(slot: number, below: readonly Neighbours[]): number {
    let generation = 0;
    for (const lists of below)
      for (const dependency of lists[slot] as readonly number[])
        generation = Math.max(generation, (this.of[dependency] as number) + 1);
    return generation;
  }

  #resize(generation: number, by: number): void {
    while (this.#sizes.length <= generation) this.#sizes.push(0);
    this.#sizes[generation] = (this.#sizes[generation] as number) + by;
    while (this.#sizes.at(-1) === 0) this.#sizes.pop();
  }
}
