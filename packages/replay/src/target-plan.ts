import type { Tid } from "@depid/hash";
import { type BuildPlan, compileBuild, findActiveTasks, replaceTasks } from "@depid/runqueue";
import { compileShellPattern } from "@depid/sstate";
import type { Task, TaskGraph } from "@depid/task-graph";

/** Whether a task is meant by patterns `RECIPE:TASK`, both as in a shell. A recipe alone means all of its tasks. */
export function createTaskFilter(patterns: readonly string[]): (task: Pick<Task, "pn" | "task">) => boolean {
  const all = patterns.map((text) => {
    const [recipe = "", task = "*"] = text.split(":");
    return { recipe: compileShellPattern(recipe), task: compileShellPattern(task) };
  });
  return ({ pn, task }) => all.some((it) => it.recipe.test(pn) && it.task.test(task));
}

/** The plan of a builder that is asked for some tasks, and builds these and what they need; follows the graph. */
export class TargetPlan {
  readonly #isTarget: (task: Task) => boolean;
  /** Of the last build, with the plan of all tasks that it is a part of. */
  #last: { readonly whole: BuildPlan; readonly plan: BuildPlan } | undefined;

  /** @param targets as in `createTaskFilter` */
  constructor(targets: readonly string[]) {
    this.#isTarget = createTaskFilter(targets);
  }

  /**
   * The plan in the present step.
   *
   * @param whole of all tasks
   * @returns `undefined` where no target is there
   */
  of(graph: TaskGraph, whole: BuildPlan): BuildPlan | undefined {
    const plan = this.#follow(graph, whole) ?? this.#compile(graph, whole);
    this.#last = plan && { whole, plan };
    return plan;
  }

  /** The last one with other rows, as long as the graph keeps its shape. */
  #follow(graph: TaskGraph, whole: BuildPlan): BuildPlan | undefined {
    if (this.#last === undefined || this.#last.whole.dependencies !== whole.dependencies) return undefined;
    const { plan } = this.#last;
    const rows = plan.tids.map((tid) => graph.get(tid)).filter((row, i) => row !== plan.tasks[i]);
    return rows.length === 0 ? plan : replaceTasks(plan, rows);
  }

  #compile(graph: TaskGraph, { release }: BuildPlan): BuildPlan | undefined {
    const targets: Tid[] = [];
    for (const task of graph.tasks) if (this.#isTarget(task)) targets.push(task.tid);
    if (targets.length === 0) return undefined;
    return compileBuild(graph, { targets, active: findActiveTasks(graph, targets), release });
  }
}
