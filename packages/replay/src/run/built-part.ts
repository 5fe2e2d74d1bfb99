import type { BuildPlan } from "@depid/runqueue";
import type { TaskGraph } from "@depid/task-graph";

/**
 * Watches which part of the graph a builder builds. Signatures are of the whole graph, and a server is asked for tasks of the build alone: once the part is
 * another one, so is what may be asked for, though no row of it changed.
 */
export class BuiltPart {
  #last: BuildPlan["setsceneTids"] | undefined;

  /** To be asked once for each build. @returns whether the plan is of a part of the graph, and of another one than that of the last build */
  isOther({ tids, setsceneTids }: Pick<BuildPlan, "tids" | "setsceneTids">, graph: Pick<TaskGraph, "tids">): boolean {
    const isOther = tids !== graph.tids && setsceneTids !== this.#last;
    this.#last = setsceneTids;
    return isOther;
  }
}
