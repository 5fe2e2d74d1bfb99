import { byCodePoint, DepidError, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { hashCapture } from "@depid/siggen";
import type { BuildSettings, CaptureChange, History, HistoryStep, StepExpectation, Task } from "@depid/task-graph";
import { type ChangedTask, type DrawnTask, drawTask } from "./drawn-task.ts";

/** One build of a scenario. */
export interface DrawnStep {
  readonly id: string;
  readonly title: string;
  /** Names of the tasks asked for; `undefined`: all. */
  readonly targets: readonly string[] | undefined;
  /** By recipe, from this step on. */
  readonly versions: ReadonlyMap<string, string>;
  readonly changed: readonly ChangedTask[];
  /** @throws {ScenarioError} always: names the step */
  fail(problem: string): never;
}

/**
 * The history of a scenario: of each step the tasks that its targets need, as changed so far; and these as they are drawn, by name.
 *
 * @param fail throws, naming the graph as a whole
 * @throws {ScenarioError} where tasks depend on each other, or a step changes what its targets do not need, or nothing
 */
export function createHistory(
  tasks: ReadonlyMap<string, DrawnTask>,
  steps: readonly DrawnStep[],
  settings: BuildSettings,
  fail: (problem: string) => never,
): { readonly history: History; readonly tasks: readonly ReadonlyMap<string, DrawnTask>[] } {
  const drawn = new Map(tasks);
  const built: ReadonlyMap<string, DrawnTask>[] = [];
  let before = new Map<string, Task>();
  let hashesBefore: ReadonlyMap<Tid, TaskHash> = new Map();
  const history: History = {
    header: {},
    steps: steps.map((step, place): HistoryStep => {
      const { id, title, targets, versions, changed } = step;
      for (const [name, task] of drawn) {
        const version = versions.get(task.recipe);
        if (version !== undefined) drawn.set(name, { ...task, version });
      }
      for (const change of changed) drawn.set(change.name, changeTask(drawn.get(change.name) as DrawnTask, change));
      const find = (name: string) => drawn.get(name) as DrawnTask;
      const wanted = needsOf(targets ?? [...drawn.keys()], find);
      const stranger = changed.find(({ name }) => !wanted.has(name));
      if (stranger !== undefined) step.fail(`${stranger.name}: expected a task that the targets of the step need`);
      const after = new Map(
        [...drawn.values()].flatMap((task) => (wanted.has(task.name) ? [[task.name, drawTask(task, find)]] : [])),
      );
      built.push(new Map([...drawn].filter(([name]) => wanted.has(name))));
      const change = changeBetween(before, after);
      const rows = new Set(change.upsert.map(({ tid }) => tid));
      const same = changed.find(({ name }) => !rows.has((after.get(name) as Task).tid));
      if (same !== undefined) step.fail(`${same.name}: expected a change, found what was there before`);
      before = after;
      const hashes = hashesOf([...after.values()], fail);
      const expect = expectationOf(hashes, hashesBefore);
      hashesBefore = hashes;
      return {
        step: place,
        id,
        date: "",
        commits: [{ id, title }],
        ...(place === 0 ? { settings } : {}),
        change,
        expect: place === 0 ? { tasks: expect.tasks, taskhashes: expect.taskhashes } : expect,
      };
    }),
  };
  return { history, tasks: built };
}

function changeTask(task: DrawnTask, { run, variables, files, needs, hashes }: ChangedTask): DrawnTask {
  return {
    ...task,
    run: run ?? task.run,
    variables: { ...task.variables, ...variables },
    files: { ...task.files, ...files },
    needs: needs ?? task.needs,
    hashes: hashes ?? task.hashes,
  };
}

/** Names of tasks and of all that they need, directly or not, in the order of a scenario. */
function needsOf(names: readonly string[], find: (name: string) => DrawnTask): ReadonlySet<string> {
  const needed = new Set<string>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const { needs, after, hashes } = find(name);
    open.push(...needs, ...after, ...hashes);
  }
  return needed;
}

function changeBetween(before: ReadonlyMap<string, Task>, after: ReadonlyMap<string, Task>): CaptureChange {
  const isSame = (name: string, task: Task) => JSON.stringify(before.get(name)) === JSON.stringify(task);
  return {
    upsert: [...after].flatMap(([name, task]) => (isSame(name, task) ? [] : [task])),
    remove: [...before].flatMap(([name, { tid }]) => (after.has(name) ? [] : [tid])),
  };
}

function hashesOf(tasks: readonly Task[], fail: (problem: string) => never): ReadonlyMap<Tid, TaskHash> {
  try {
    return new Map(hashCapture(tasks).map(({ tid, taskhash }) => [tid, taskhash]));
  } catch (error) {
    if (error instanceof DepidError) fail(error.problem);
    throw error;
  }
}

function expectationOf(after: ReadonlyMap<Tid, TaskHash>, before: ReadonlyMap<Tid, TaskHash>): StepExpectation {
  const rows = [...after].sort(([a], [b]) => byCodePoint(a, b));
  return {
    tasks: after.size,
    taskhashes: sha256Hex(rows.map(([tid, taskhash]) => `${tid} ${taskhash}\n`).join("")),
    changed: rows.filter(([tid, taskhash]) => before.has(tid) && before.get(tid) !== taskhash).length,
  };
}
