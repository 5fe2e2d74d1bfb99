import type { DepId, TaskHash } from "@depid/hash";
import { findObjectName } from "@depid/sstate";
import type { ObjectNumbers } from "../run/object-numbers.ts";
import type { RowKnowledge } from "../run/row-knowledge.ts";
import type { GcRule } from "../topology/topology.ts";
import type { SiteCaches } from "./site-caches.ts";

/** Chooses which rows of a server go when a step is over. */
export class GarbageCollection {
  readonly #rule: GcRule;
  readonly #caches: Pick<SiteCaches, "numbersIn">;
  readonly #numbers: ObjectNumbers;
  /** Step in which each row was there first. */
  readonly #made = new Map<TaskHash, number>();
  /** Depids in the names of objects. */
  readonly #depids = new Map<number, DepId>();

  constructor(rule: GcRule, caches: Pick<SiteCaches, "numbersIn">, numbers: ObjectNumbers) {
    this.#rule = rule;
    this.#caches = caches;
    this.#numbers = numbers;
  }

  /** Taskhashes whose rows go at the end of a step. To be asked in each step. */
  choose(step: number, rows: Pick<RowKnowledge, "entries">): ReadonlySet<TaskHash> {
    const rule = this.#rule;
    const isDue = (step + 1) % rule.every === 0;
    if (rule.rule === "objects") return isDue ? this.#chooseWithoutObject(rule.caches, rows) : new Set();
    const gone = new Set<TaskHash>();
    const there = new Set<TaskHash>();
    for (const [taskhash] of rows.entries()) {
      there.add(taskhash);
      const made = this.#made.get(taskhash) ?? step;
      this.#made.set(taskhash, made);
      if (isDue && step - made >= rule.steps) gone.add(taskhash);
    }
    for (const taskhash of [...this.#made.keys()])
      if (!there.has(taskhash) || gone.has(taskhash)) this.#made.delete(taskhash);
    return gone;
  }

  #chooseWithoutObject(caches: readonly string[], rows: Pick<RowKnowledge, "entries">): ReadonlySet<TaskHash> {
    const borne = new Set<DepId>();
    for (const name of caches) for (const number of this.#caches.numbersIn(name)) borne.add(this.#depIdOf(number));
    const gone = new Set<TaskHash>();
    for (const [taskhash, depid] of rows.entries()) if (!borne.has(depid)) gone.add(taskhash);
    return gone;
  }

  #depIdOf(number: number): DepId {
    let depid = this.#depids.get(number);
    if (depid === undefined) {
      const path = this.#numbers.nameOf(number);
      depid = findObjectName(path.slice(path.lastIndexOf("/") + 1))?.name.depid as DepId;
      this.#depids.set(number, depid);
    }
    return depid;
  }
}
