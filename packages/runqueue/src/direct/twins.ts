import type { BuildPlan } from "../plan.ts";
import type { TaskHashes } from "../task-hashes.ts";

/** Setscene tasks of a build that have something in common. */
export interface Twins {
  /** Whether two have the same recipe name and depid: then one is deferred to the other. */
  readonly areDeferred: boolean;
  /** Tasks that have the taskhash of one of another recipe: the server cannot tell them apart. */
  readonly sharing: readonly number[];
}

/** Looks for setscene tasks that share a hash. */
export function findTwins(
  { size, setscene, tasks }: Pick<BuildPlan, "size" | "setscene" | "tasks">,
  hashesOf: (task: number) => TaskHashes,
): Twins {
  /** Recipes that have each depid. */
  const byDepId = new Map<string, string | Set<string>>();
  const byTaskHash = new Map<string, number>();
  const sharing: number[] = [];
  const pnOf = (task: number): string => tasks[task]?.pn ?? "";
  let areDeferred = false;
  for (let task = 0; task < size; task++) {
    if (setscene[task] === 0) continue;
    const { taskhash, depid } = hashesOf(task);
    const pn = pnOf(task);
    const known = byDepId.get(depid);
    if (known === undefined) byDepId.set(depid, pn);
    else {
      const recipes = typeof known === "string" ? new Set([known]) : known;
      areDeferred ||= recipes.has(pn);
      byDepId.set(depid, recipes.add(pn));
    }
    const other = byTaskHash.get(taskhash);
    if (other === undefined) byTaskHash.set(taskhash, task);
    else if (pnOf(other) !== pn) sharing.push(task);
  }
  return { areDeferred, sharing };
}
