import type { TaskChange } from "./task-change.ts";

/** Which causes reach which changed tasks: a set of causes per task, as bits. */
export class CauseReach {
  readonly #words: number;
  readonly #bits: Uint32Array;
  readonly #positions: ReadonlyMap<string, number>;

  /**
   * @param changed changed tasks
   * @param entered of each cause, the names of the tasks where it entered
   */
  constructor(changed: readonly TaskChange[], entered: readonly (readonly string[])[]) {
    this.#words = Math.max(1, Math.ceil(entered.length / 32));
    this.#bits = new Uint32Array(changed.length * this.#words);
    this.#positions = new Map(changed.map(({ name }, i) => [name, i]));
    entered.forEach((names, cause) => {
      for (const name of names) this.#add(this.#positions.get(name) as number, cause);
    });
    const dependencies = changed.map(({ through }) => through.map(({ name }) => this.#positions.get(name) as number));
    const order = dependenciesFirst(dependencies);
    while (this.#flow(order, dependencies)); // once is enough, and once to see it, unless tasks depend on each other
  }

  /** The causes that reach a changed task, in their order. */
  causesOf(name: string): number[] {
    const causes: number[] = [];
    const from = (this.#positions.get(name) as number) * this.#words;
    for (let word = 0; word < this.#words; word++) {
      for (let bits = this.#bits[from + word] as number; bits !== 0; bits &= bits - 1) {
        causes.push(word * 32 + 31 - Math.clz32(bits & -bits));
      }
    }
    return causes;
  }

  #add(position: number, cause: number): void {
    const at = position * this.#words + (cause >>> 5);
    this.#bits[at] = (this.#bits[at] as number) | (1 << (cause & 31));
  }

  #flow(order: readonly number[], dependencies: readonly (readonly number[])[]): boolean {
    const bits = this.#bits;
    let grew = false;
    for (const position of order) {
      for (const dependency of dependencies[position] as readonly number[]) {
        for (let word = 0; word < this.#words; word++) {
          const at = position * this.#words + word;
          const was = bits[at] as number;
          const is = (was | (bits[dependency * this.#words + word] as number)) >>> 0;
          if (is === was) continue;
          bits[at] = is;
          grew = true;
        }
      }
    }
    return grew;
  }
}

/** All positions, each behind its dependencies where they form no circle. */
function dependenciesFirst(dependencies: readonly (readonly number[])[]): number[] {
  const order: number[] = [];
  const seen = new Uint8Array(dependencies.length);
  for (let start = 0; start < dependencies.length; start++) {
    if (seen[start] === 1) continue;
    seen[start] = 1;
    const stack = [{ position: start, next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const dependency = dependencies[top.position]?.[top.next++];
      if (dependency === undefined) {
        order.push(top.position);
        stack.pop();
      } else if (seen[dependency] === 0) {
        seen[dependency] = 1;
        stack.push({ position: dependency, next: 0 });
      }
    }
  }
  return order;
}
