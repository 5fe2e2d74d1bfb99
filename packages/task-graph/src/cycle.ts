import type { Tid } from "@depid/hash";

/** Of each task what it depends on, be it hashed or run first. */
interface Dependencies {
  dependenciesOf(tid: Tid, kind: "any"): Tid[];
}

/**
 * A circle of tasks, each depending on the next, among what these tasks depend on; empty if there is none. The circle begins
 * with its first task in the order asked, so that the same graph gives the same message.
 */
export function findCycle(graph: Dependencies, tids: readonly Tid[]): Tid[] {
  const done = new Set<Tid>();
  for (const start of tids) {
    const path: { readonly tid: Tid; readonly rest: Tid[] }[] = [];
    const onPath = new Set<Tid>();
    const enter = (tid: Tid) => {
      onPath.add(tid);
      path.push({ tid, rest: graph.dependenciesOf(tid, "any").reverse() });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        done.add(top.tid);
        onPath.delete(top.tid);
        path.pop();
      } else if (onPath.has(next)) {
        const circle = path.map((step) => step.tid);
        return circle.slice(circle.indexOf(next));
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
  return [];
}
