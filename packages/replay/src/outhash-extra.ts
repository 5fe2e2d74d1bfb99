import { byCodePoint, type DepId, hasCross, isInitial, isNative, isOfCrossClass } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";

/**
 * What OE-Core since 2022 puts into outhashes beside the output (`HASHEQUIV_EXTRA_SIGDATA`, signatures.md section 6): lines `pn: depid`, sorted, of
 * the do_populate_sysroot tasks of other recipes below. do_populate_sysroot of native and cross recipes has those of all of them; do_populate_sysroot and
 * do_package of other recipes have those of recipes that are neither native nor `-initial` nor `-cross-`. Below means by what must run first, however
 * far down, without dependencies on other configurations.
 */
export class OutHashExtra {
  readonly #plan: BuildPlan;
  /** Sysroot tasks, and for each task a bit for each of them that is below. */
  #below: { readonly sysroots: readonly number[]; readonly words: number; readonly bits: Uint32Array } | undefined;
  readonly #known = new Map<number, readonly number[]>();

  constructor(plan: BuildPlan) {
    this.#plan = plan;
  }

  /** @param depidOf depids of the tasks of the plan, as they are when the task starts @returns "" for none */
  of(task: number, depidOf: (task: number) => DepId): string {
    return this.#membersOf(task)
      .map((member) => `${this.#plan.tasks[member]?.pn}: ${depidOf(member)}`)
      .join("\n");
  }

  /** Sysroot tasks whose depids an outhash of this task holds, by recipe name. */
  #membersOf(task: number): readonly number[] {
    const known = this.#known.get(task);
    if (known !== undefined) return known;
    const members = this.#findMembers(task);
    this.#known.set(task, members);
    return members;
  }

  #findMembers(task: number): number[] {
    const { tasks } = this.#plan;
    const { pn = "", task: name = "" } = tasks[task] ?? {};
    const ofHost = isNative(pn) || isOfCrossClass(pn);
    if (name !== "do_populate_sysroot" && (ofHost || name !== "do_package")) return [];
    const { sysroots, words, bits } = this.#countBelow();
    const members = sysroots.filter((member, i) => {
      if (((bits[task * words + (i >> 5)] as number) & (1 << (i & 31))) === 0) return false;
      const other = tasks[member]?.pn ?? "";
      if (other === pn) return false;
      return ofHost || !(isNative(other) || isInitial(other) || hasCross(other));
    });
    return members.sort((a, b) => byCodePoint(tasks[a]?.pn ?? "", tasks[b]?.pn ?? ""));
  }

  #countBelow() {
    if (this.#below !== undefined) return this.#below;
    const { size, tasks, dependencies, config } = this.#plan;
    const sysroots = tasks.flatMap((task, i) => (task.task === "do_populate_sysroot" ? [i] : []));
    const bitOf = new Map(sysroots.map((task, i) => [task, i] as const));
    const words = (sysroots.length + 31) >> 5;
    const bits = new Uint32Array(size * words);
    for (const task of this.#plan.topDown.toReversed()) {
      for (let k = dependencies.start[task] as number; k < (dependencies.start[task + 1] as number); k++) {
        const below = dependencies.list[k] as number;
        if (config[below] !== config[task]) continue;
        for (let w = 0; w < words; w++) {
          bits[task * words + w] = (bits[task * words + w] as number) | (bits[below * words + w] as number);
        }
        const bit = bitOf.get(below);
        if (bit !== undefined) {
          const at = task * words + (bit >> 5);
          bits[at] = (bits[at] as number) | (1 << (bit & 31));
        }
      }
    }
    this.#below = { sysroots, words, bits };
    return this.#below;
  }
}
