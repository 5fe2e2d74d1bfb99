import { byCodePoint } from "@depid/hash";
import { findObjectName } from "@depid/sstate";
import type { PruneRule } from "../topology/topology.ts";
import type { CacheWatch, ObjectCache } from "./object-cache.ts";
import type { ObjectNumbers } from "./object-numbers.ts";

/** Bytes of the sstate object of a recipe's task. */
export type BytesOf = (pn: string, task: string) => number;

/** What a cache holds when a step is over and it is pruned. */
export interface CacheSize {
  readonly objects: number;
  readonly bytes: number;
}

interface Kept {
  readonly bytes: number;
  /** Steps. */
  readonly made: number;
  used: number;
}

/** Watches a cache, and removes from it what a rule says, when a step is over. */
export class Pruning implements CacheWatch {
  readonly #numbers: ObjectNumbers;
  readonly #bytesOf: BytesOf;
  readonly #rule: PruneRule | undefined;
  readonly #kept = new Map<number, Kept>();
  #step = 0;
  #bytes = 0;

  /** @param rule absent: nothing is removed */
  constructor(numbers: ObjectNumbers, bytesOf: BytesOf, rule: PruneRule | undefined) {
    this.#numbers = numbers;
    this.#bytesOf = bytesOf;
    this.#rule = rule;
  }

  made(number: number): void {
    const { pn = "", task = "" } = findObjectName(fileOf(this.#numbers.nameOf(number)))?.name ?? {};
    const bytes = this.#bytesOf(pn, task);
    this.#bytes += bytes;
    this.#kept.set(number, { bytes, made: this.#step, used: this.#step });
  }

  used(number: number): void {
    const kept = this.#kept.get(number);
    if (kept !== undefined) kept.used = this.#step;
  }

  removed(number: number): void {
    this.#bytes -= this.#kept.get(number)?.bytes ?? 0;
    this.#kept.delete(number);
  }

  /** A step is over: what is kept from here on. */
  end(step: number, cache: Pick<ObjectCache<unknown>, "delete">): CacheSize {
    for (const number of this.#choose(step)) cache.delete(number);
    this.#step = step + 1;
    return { objects: this.#kept.size, bytes: this.#bytes };
  }

  /** Objects to remove. */
  *#choose(step: number): Generator<number> {
    const rule = this.#rule;
    if (rule === undefined) return;
    if ("steps" in rule) {
      const since = rule.rule === "age" ? "made" : "used";
      for (const [number, kept] of [...this.#kept]) if (step - kept[since] >= rule.steps) yield number;
      return;
    }
    if (this.#bytes <= rule.bytes) return;
    const since = rule.rule === "size" ? "made" : "used";
    const all = [...this.#kept].map(([number, kept]) => ({ number, kept, name: this.#numbers.nameOf(number) }));
    // Objects of one step go in the order of their names, so that nothing depends on who was first in it.
    all.sort((a, b) => a.kept[since] - b.kept[since] || a.kept.made - b.kept.made || byCodePoint(a.name, b.name));
    for (const { number } of all) {
      if (this.#bytes <= rule.bytes) return;
      yield number;
    }
  }
}

function fileOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
