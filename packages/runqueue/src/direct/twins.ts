import type { BuildPlan } from "../plan.ts";
import type { TaskHashes } from "../task-hashes.ts";

/** Setscene tasks of a build that have something in common. */
export interface Twins {
  /** Whether two have the same recipe name and depid: then one is deferred to the other. */
  readonly areDeferred: boolean;
  /** Looks for tasks that have the taskhash of one of another recipe: the server cannot tell them apart. */
  findSharing(): readonly number[];
}

/** Watches the setscene tasks of one build after the other for hashes that they share. Costs little where hashes are those of the last build. */
export class TwinWatch {
  #plan: Pick<BuildPlan, "dependencies"> | undefined;
  /** Of the last build, by place in the plan. */
  #hashes: (TaskHashes | undefined)[] = [];
  /** How many tasks there are of each recipe with each depid. */
  readonly #byDepId = new Map<string, number>();
  /** The recipes that have each taskhash, if it is several tasks; else the one. */
  readonly #byTaskHash = new Map<string, readonly string[]>();
  #deferred = 0;
  /** Taskhashes of several recipes. */
  #shared = 0;

  /** @param hashesOf by place in the plan; what has the same hashes as in the last build is the same object */
  look(plan: BuildPlan, hashesOf: (task: number) => TaskHashes): Twins {
    if (this.#plan?.dependencies !== plan.dependencies) this.#begin(plan);
    const { size, setscene, tasks } = plan;
    for (let task = 0; task < size; task++) {
      if (setscene[task] === 0) continue;
      const hashes = hashesOf(task);
      const before = this.#hashes[task];
      if (hashes === before) continue;
      const pn = tasks[task]?.pn ?? "";
      if (before !== undefined) this.#drop(pn, before);
      this.#add(pn, hashes);
      this.#hashes[task] = hashes;
    }
    const isAnyShared = this.#shared > 0;
    return { areDeferred: this.#deferred > 0, findSharing: () => (isAnyShared ? findSharing(plan, hashesOf) : []) };
  }

  #begin(plan: BuildPlan): void {
    this.#plan = plan;
    this.#hashes = new Array(plan.size).fill(undefined);
    this.#byDepId.clear();
    this.#byTaskHash.clear();
    this.#deferred = 0;
    this.#shared = 0;
  }

  #add(pn: string, { taskhash, depid }: TaskHashes): void {
    const key = `${depid} ${pn}`;
    const count = (this.#byDepId.get(key) ?? 0) + 1;
    this.#byDepId.set(key, count);
    if (count === 2) this.#deferred += 1;
    const recipes = this.#byTaskHash.get(taskhash) ?? [];
    this.#setRecipes(taskhash, recipes, [...recipes, pn]);
  }

  #drop(pn: string, { taskhash, depid }: TaskHashes): void {
    const key = `${depid} ${pn}`;
    const count = (this.#byDepId.get(key) ?? 0) - 1;
    if (count === 0) this.#byDepId.delete(key);
    else this.#byDepId.set(key, count);
    if (count === 1) this.#deferred -= 1;
    const recipes = this.#byTaskHash.get(taskhash) ?? [];
    this.#setRecipes(taskhash, recipes, recipes.toSpliced(recipes.indexOf(pn), 1));
  }

  #setRecipes(taskhash: string, before: readonly string[], after: readonly string[]): void {
    this.#shared += Number(areDifferent(after)) - Number(areDifferent(before));
    if (after.length === 0) this.#byTaskHash.delete(taskhash);
    else this.#byTaskHash.set(taskhash, after);
  }
}

function areDifferent(recipes: readonly string[]): boolean {
  return recipes.length > 1 && recipes.some((pn) => pn !== recipes[0]);
}

function findSharing({ size, setscene, tasks }: BuildPlan, hashesOf: (task: number) => TaskHashes): number[] {
  const first = new Map<string, number>();
  const sharing: number[] = [];
  for (let task = 0; task < size; task++) {
    if (setscene[task] === 0) continue;
    const { taskhash } = hashesOf(task);
    const other = first.get(taskhash);
    if (other === undefined) first.set(taskhash, task);
    else if (tasks[other]?.pn !== tasks[task]?.pn) sharing.push(task);
  }
  return sharing;
}
