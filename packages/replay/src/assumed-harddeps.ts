import { formatTaskName, type Tid } from "@depid/hash";
import { assumeHardDependencies, type CaptureChange, sameList, type Task, type TaskGraph } from "@depid/task-graph";

/** Gives tasks the hard dependencies that OE-Core has, through the steps of a history in which nobody recorded any. */
export class AssumedHarddeps {
  readonly #graph: TaskGraph;
  /** Tasks by recipe; `undefined` before the first step. */
  #recipes: Map<string, Set<Tid>> | undefined;

  constructor(graph: TaskGraph) {
    this.#graph = graph;
  }

  /**
   * Follows a step that is applied to the graph: looks at the recipes of which it has tasks, or a task that they depend on has another name.
   *
   * @param before rows that the step replaced or removed
   * @returns the rows that have other hard dependencies now
   */
  follow({ upsert, remove }: CaptureChange, before: readonly Task[]): readonly Task[] {
    const graph = this.#graph;
    const recipes = this.#recipes ?? recipesOf(graph.tids);
    const affected = new Set<string>(this.#recipes === undefined ? recipes.keys() : []);
    this.#recipes = recipes;
    for (const tid of remove) {
      affected.add(recipeOf(tid));
      recipes.get(recipeOf(tid))?.delete(tid);
    }
    for (const { tid } of upsert) {
      affected.add(recipeOf(tid));
      addTo(recipes, tid);
    }
    for (const { tid, pn, task } of before) {
      const now = graph.find(tid);
      if (now === undefined || (now.pn === pn && now.task === task)) continue;
      for (const dependent of graph.dependentsOf(tid)) affected.add(recipeOf(dependent));
    }
    const tasks = [...affected].flatMap((recipe) => [...(recipes.get(recipe) ?? [])].map((tid) => graph.get(tid)));
    const rows = this.#assume(tasks);
    if (rows.length > 0) graph.apply({ upsert: rows, remove: [] });
    return rows;
  }

  #assume(tasks: readonly Task[]): Task[] {
    const assumed = assumeHardDependencies(tasks, (tid) => {
      const task = this.#graph.find(tid);
      return task && formatTaskName(task);
    });
    return tasks.flatMap((task) => {
      const harddeps = assumed.get(task.tid) ?? [];
      return sameList(task.harddeps, harddeps) ? [] : [{ ...task, harddeps }];
    });
  }
}

/** A tid without its task. */
function recipeOf(tid: Tid): string {
  return tid.slice(0, tid.lastIndexOf(":"));
}

function recipesOf(tids: readonly Tid[]): Map<string, Set<Tid>> {
  const recipes = new Map<string, Set<Tid>>();
  for (const tid of tids) addTo(recipes, tid);
  return recipes;
}

function addTo(recipes: Map<string, Set<Tid>>, tid: Tid): void {
  const recipe = recipeOf(tid);
  const known = recipes.get(recipe);
  if (known === undefined) recipes.set(recipe, new Set([tid]));
  else known.add(tid);
}
