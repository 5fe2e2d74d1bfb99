import { type Adjacency, degreeOf } from "@depid/task-graph";

/** Where a limb begins to carry: sums of two limbs are exact in a double. */
const BASE = 2 ** 52;

/** Weights of tasks: they count paths, so they soon leave the exact range of a double. Each is in limbs, which cost a tenth of a bigint. */
export class Weights {
  /** Least significant first; each is below `BASE`. */
  readonly #limbs: readonly Float64Array[];

  private constructor(limbs: readonly Float64Array[]) {
    this.#limbs = limbs;
  }

  /**
   * Weight of each task (runqueue.md section 2, 3): 10 for tasks nothing depends on, 1 for the others, and each task adds
   * its own to each task it depends on.
   *
   * @param order tasks, each after all that depend on it
   */
  static of(order: Int32Array, dependencies: Adjacency, dependents: Adjacency): Weights {
    for (let count = 2; ; count++) {
      const limbs = Array.from({ length: count }, () => new Float64Array(order.length));
      if (addUp(limbs, order, dependencies, dependents)) return new Weights(limbs);
    }
  }

  /** How many tasks there are. */
  get size(): number {
    return this.#limbs[0]?.length ?? 0;
  }

  get(task: number): bigint {
    return this.#limbs.reduceRight((weight, limb) => weight * BigInt(BASE) + BigInt(limb[task] as number), 0n);
  }

  /** Negative if the first task weighs less, 0 if they weigh the same. */
  compare(a: number, b: number): number {
    for (let i = this.#limbs.length - 1; i >= 0; i--) {
      const limb = this.#limbs[i] as Float64Array;
      const difference = (limb[a] as number) - (limb[b] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

/** @returns false if these are not limbs enough */
function addUp(
  limbs: readonly Float64Array[],
  order: Int32Array,
  dependencies: Adjacency,
  dependents: Adjacency,
): boolean {
  const least = limbs[0] as Float64Array;
  for (const task of order) least[task] = degreeOf(dependents, task) === 0 ? 10 : 1;
  for (const task of order) {
    for (let k = dependencies.start[task] as number; k < (dependencies.start[task + 1] as number); k++) {
      const dependency = dependencies.list[k] as number;
      let carry = 0;
      for (const limb of limbs) {
        const sum = (limb[dependency] as number) + (limb[task] as number) + carry;
        carry = sum >= BASE ? 1 : 0;
        limb[dependency] = sum - carry * BASE;
      }
      if (carry === 1) return false;
    }
  }
  return true;
}
