import type { StampFile } from "../builder.ts";
import type { BuildPlan } from "../plan.ts";
import { matchesMask } from "../stamp-mask.ts";
import type { SheetNumbers, StampSheet } from "./stamp-sheet.ts";

const NONE = -1;

/** The stamps of one build that goes directly: the rules of `stamps.ts`, `stamp-versions.ts` and `current.ts` in arrays. */
export class DirectStamps {
  readonly #plan: BuildPlan;
  readonly #sheet: StampSheet;
  readonly #numbers: SheetNumbers;
  readonly #hashOf: (task: number) => string;
  /** Memo of "current to the bottom": 0 unknown, 1 current, 2 not current. */
  readonly #memo: Uint8Array;
  /** Tasks under examination, one above the other: when the stamp of each was made, and which of its dependencies comes next. */
  readonly #frames: Readonly<Record<"tasks" | "made" | "next", number[]>> = { tasks: [], made: [], next: [] };
  readonly #inUse = new Set<string>();

  /** @param hashOf the hash that a task's stamps are named by; "" with Basic */
  constructor(plan: BuildPlan, sheet: StampSheet, hashOf: (task: number) => string) {
    this.#plan = plan;
    this.#sheet = sheet;
    this.#numbers = sheet.numbering.of(plan);
    this.#hashOf = hashOf;
    this.#memo = new Uint8Array(plan.size);
  }

  /** Whether the stamp is there which says that the task was restored. */
  isRestored(task: number): boolean {
    return this.#restoredAt(task) !== NONE;
  }

  /** Stamps a task, which takes away its setscene stamp. @param now milliseconds since the build began */
  make(task: number, now: number): void {
    if (this.#plan.tasks[task]?.nostamp === true) return;
    this.#clear(this.#numbers.setscene[task] as number);
    this.#put(this.#numbers.real[task] as number, task, now);
  }

  makeSetscene(task: number, now: number): void {
    this.#put(this.#numbers.setscene[task] as number, task, now);
  }

  /** Before an sstate task runs: its manifest goes, and the stamps of all versions of its recipe. */
  clean(task: number): void {
    if (this.#plan.tasks[task]?.setscene !== true) return;
    this.#sheet.putManifest(this.#numbers.manifest[task] as number, 0);
    const { numbering, hash } = this.#sheet;
    const real = this.#numbers.real[task] as number;
    const { extra } = numbering.files[real] as StampFile;
    const mask = { variant: undefined, extra, versions: this.#plan.release.stampCleanMask };
    for (const number of numbering.familyOf(real))
      if (hash[number] !== undefined && matchesMask(mask, numbering.files[number] as StampFile)) this.#clear(number);
  }

  /** After an sstate task ran. */
  keepManifest(task: number): void {
    if (this.#plan.tasks[task]?.setscene === true) this.#sheet.putManifest(this.#numbers.manifest[task] as number, 1);
  }

  /** As the build starts: stamps of other hashes go, with the manifest of what they stood for. */
  removeStale(): void {
    const { plan, numbers, sheet } = { plan: this.#plan, numbers: this.#numbers, sheet: this.#sheet };
    for (let task = 0; task < plan.size; task++) {
      const manifest = numbers.manifest[task] as number;
      if (plan.setscene[task] === 0 || sheet.manifest[manifest] !== 1) continue;
      const isStale = this.#clearOther(numbers.real[task] as number, task);
      if (this.#clearOther(numbers.setscene[task] as number, task) || isStale) sheet.putManifest(manifest, 0);
    }
  }

  /** Whether a real task need not run, as its stamp is not older than those of the dependencies in its recipe. */
  isCurrent(task: number): boolean {
    const made = this.#madeAt(task);
    if (made === NONE || this.#plan.tasks[task]?.nostamp === true) return false;
    const { start, list } = this.#plan.dependencies;
    for (let k = start[task] as number; k < (start[task + 1] as number); k++)
      if (this.#isOutdatedBy(task, made, list[k] as number)) return false;
    return true;
  }

  /** The same, and each dependency in the recipe that was not restored is current itself. */
  isCurrentToTheBottom(top: number): boolean {
    const { start, list } = this.#plan.dependencies;
    const memo = this.#memo;
    const { tasks, made, next } = this.#frames;
    let depth = 1;
    this.#open(top, 0);
    let answer = false;
    while (depth > 0) {
      const at = depth - 1;
      const task = tasks[at] as number;
      const madeAt = made[at] as number;
      if (madeAt === NONE || next[at] === (start[task + 1] as number)) {
        answer = madeAt !== NONE;
        if (answer) memo[task] = 1;
      } else {
        const dependency = list[next[at] as number] as number;
        const known = memo[dependency];
        const isOutdated = this.#isOutdatedBy(task, madeAt, dependency);
        if ((known === 1 && !isOutdated) || !this.#countsFor(task, dependency)) {
          next[at] = (next[at] as number) + 1;
          continue;
        }
        if (known === 0 && !isOutdated) {
          this.#open(dependency, depth);
          depth += 1;
          continue;
        }
        answer = false;
        memo[task] = 2;
      }
      depth -= 1;
      if (depth > 0) memo[task] = answer ? 1 : 2;
    }
    return answer;
  }

  /** Whether a running real task makes the same stamp: then this one does not start. */
  isInUse(task: number): boolean {
    return this.#inUse.size > 0 && this.#numbers.sharesBase[task] === 1 && this.#inUse.has(this.#useOf(task));
  }

  /** A real task starts. */
  start(task: number): void {
    if (this.#numbers.sharesBase[task] === 1) this.#inUse.add(this.#useOf(task));
  }

  /** It has ended. */
  end(task: number): void {
    if (this.#numbers.sharesBase[task] === 1) this.#inUse.delete(this.#useOf(task));
  }

  /** The build is over: the next one begins a whole second later. */
  leave(now: number): void {
    this.#sheet.clock = (Math.floor((this.#sheet.clock + now) / 1000) + 1) * 1000;
  }

  #useOf(task: number): string {
    return `${this.#numbers.base[task]} ${this.#hashOf(task)}`;
  }

  #madeAt(task: number): number {
    return this.#secondsOf(this.#numbers.real[task] as number, task);
  }

  #restoredAt(task: number): number {
    return this.#secondsOf(this.#numbers.setscene[task] as number, task);
  }

  #secondsOf(number: number, task: number): number {
    const hash = this.#sheet.hash[number];
    return hash !== undefined && hash === this.#hashOf(task) ? (this.#sheet.seconds[number] as number) : NONE;
  }

  #put(number: number, task: number, now: number): void {
    this.#sheet.put(number, this.#hashOf(task), Math.floor((this.#sheet.clock + now) / 1000));
  }

  #clear(number: number): void {
    if (this.#sheet.hash[number] !== undefined) this.#sheet.hash[number] = undefined;
  }

  #clearOther(number: number, task: number): boolean {
    const hash = this.#sheet.hash[number];
    if (hash === undefined || hash === this.#hashOf(task)) return false;
    this.#sheet.hash[number] = undefined;
    return true;
  }

  /** Whether a dependency counts at all: it is in the same recipe file, and was not restored later than it ran. */
  #countsFor(task: number, dependency: number): boolean {
    if (this.#plan.recipe[task] !== this.#plan.recipe[dependency]) return false;
    const restored = this.#restoredAt(dependency);
    return restored === NONE || !(restored > Math.max(0, this.#madeAt(dependency)));
  }

  #isOutdatedBy(task: number, made: number, dependency: number): boolean {
    if (!this.#countsFor(task, dependency)) return false;
    const below = this.#madeAt(dependency);
    return below === NONE || made < below;
  }

  #open(task: number, at: number): void {
    const { tasks, made, next } = this.#frames;
    tasks[at] = task;
    made[at] = this.#plan.tasks[task]?.nostamp === true ? NONE : this.#madeAt(task);
    next[at] = this.#plan.dependencies.start[task] as number;
  }
}
