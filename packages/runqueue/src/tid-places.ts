import type { Tid } from "@depid/hash";

/** Places of tids in a plan, over the slots that a graph gives them for good: nothing is made for it, and it outlasts changes of the graph. */
export class TidPlaces {
  readonly #slots: ReadonlyMap<Tid, number>;
  readonly #places: Int32Array;

  /** @param places by slot, as they are when the plan is made; -1 for what is not in it */
  constructor(slots: ReadonlyMap<Tid, number>, places: Int32Array) {
    this.#slots = slots;
    this.#places = places;
  }

  get(tid: Tid): number | undefined {
    const slot = this.#slots.get(tid);
    const place = slot === undefined ? -1 : (this.#places[slot] ?? -1);
    return place < 0 ? undefined : place;
  }
}
