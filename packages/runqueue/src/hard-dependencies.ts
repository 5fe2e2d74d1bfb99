import type { Tid } from "@depid/hash";
import { HardDependencyError } from "./errors.ts";

/**
 * Hard dependencies between setscene tasks of the build, as indices (runqueue.md section 6).
 *
 * @throws {HardDependencyError} when one is no setscene task of this build
 */
export function indexHardDependencies(
  given: ReadonlyMap<Tid, readonly Tid[]> | undefined,
  indices: ReadonlyMap<Tid, number>,
  setscene: Uint8Array,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, readonly number[]>();
  for (const [tid, wanted] of given ?? []) {
    const task = indices.get(tid);
    if (task === undefined || setscene[task] === 0 || wanted.length === 0) continue;
    for (const dependency of wanted) {
      const index = indices.get(dependency);
      if (index === undefined || setscene[index] === 0) throw new HardDependencyError(tid, dependency);
    }
    found.set(
      task,
      [...new Set(wanted.map((dependency) => indices.get(dependency) as number))].sort((a, b) => a - b),
    );
  }
  return found;
}

/** The same seen from the other end. Ascending. */
export function invertHardDependencies(
  hard: ReadonlyMap<number, readonly number[]>,
): ReadonlyMap<number, readonly number[]> {
  const inverse = new Map<number, number[]>();
  for (const [task, wanted] of [...hard].sort(([a], [b]) => a - b)) {
    for (const dependency of wanted) {
      const dependents = inverse.get(dependency);
      if (dependents === undefined) inverse.set(dependency, [task]);
      else dependents.push(task);
    }
  }
  return inverse;
}
