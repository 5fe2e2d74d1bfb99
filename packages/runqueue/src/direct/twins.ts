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
  const byDepId = new Map<string, number>();
  const byTaskHash = new Map<string, number>();
  const sharing: number[] = [];
  const pnOf = (task: number): string => tasks[task]?.pn ?? "";
  let isAnyDepIdShared = false;
  for (let task = 0; task < size; task++) {
    if (setscene[task] === 0) continue;
    const { taskhash, depid } = hashesOf(task);
    if (byDepId.has(depid)) isAnyDepIdShared = true;
    else byDepId.set(depid, task);
    const other = byTaskHash.get(taskhash);
    if (other === undefined) byTaskHash.set(taskhash, task);
    else if (pnOf(other) !== pnOf(task)) sharing.push(task);
  }
  return { areDeferred: isAnyDepIdShared && haveDeferred(), sharing };

  function haveDeferred(): boolean {
    const seen = new Set<string>();
    for (let task = 0; task < size; task++) {
      if (setscene[task] === 0) continue;
      const key = `${pnOf(task)}:${hashesOf(task).depid}`;
      if (seen.has(key)) return true;
      seen.add(key);
    }
    return false;
  }
}
