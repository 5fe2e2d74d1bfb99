import TinyQueue from "tinyqueue";
import { ScheduleError } from "./errors.ts";

/** A task to be scheduled. Tasks stand in an array; a task is meant by its position there. */
export interface ScheduledTask {
  /** What it takes; 0: it needs no worker, and only keeps the order of the others. */
  readonly seconds: number;
  /** Positions of the tasks that must be complete before. They form no circle. */
  readonly dependencies: readonly number[];
}

/** What the work comes to. All in seconds. */
export interface WorkEstimate {
  /** One task after another: the sum. */
  readonly serial: number;
  /** With the workers given. */
  readonly wall: number;
  /** The longest path: what no number of workers can beat. */
  readonly critical: number;
}

/**
 * Wall time by list scheduling: whenever a worker is free, it takes the ready task with the longest path of work above it, the
 * earliest position among equals. An estimate, rather low: tasks do not slow each other down, nothing is spent between them, and BitBake orders
 * its tasks otherwise.
 *
 * @param workers at least 1
 * @throws {ScheduleError} when tasks depend on each other
 */
export function scheduleTasks(tasks: readonly ScheduledTask[], workers: number): WorkEstimate {
  const { order, dependents, waits } = orderTasks(tasks);
  const paths = new Float64Array(tasks.length);
  for (let i = order.length - 1; i >= 0; i--) {
    const at = order[i] as number;
    const above = Math.max(0, ...(dependents[at] as readonly number[]).map((it) => paths[it] as number));
    paths[at] = above + (tasks[at] as ScheduledTask).seconds;
  }
  const ready = new TinyQueue<number>([], (a, b) => (paths[b] as number) - (paths[a] as number) || a - b);
  const ends = new Float64Array(tasks.length);
  const running = new TinyQueue<number>([], (a, b) => (ends[a] as number) - (ends[b] as number) || a - b);
  let now = 0;
  const finish = (at: number): void => {
    const done = [at];
    for (let it = done.pop(); it !== undefined; it = done.pop()) {
      for (const dependent of dependents[it] as readonly number[]) {
        waits[dependent] = (waits[dependent] as number) - 1;
        if (waits[dependent] === 0) start(dependent, done);
      }
    }
  };
  const start = (at: number, done: number[]): void => {
    if ((tasks[at] as ScheduledTask).seconds === 0) done.push(at);
    else ready.push(at);
  };
  const first = order.filter((at) => waits[at] === 0);
  for (const at of first) {
    const done: number[] = [];
    start(at, done);
    for (const it of done) finish(it);
  }
  for (;;) {
    while (running.length < workers && ready.length > 0) {
      const at = ready.pop() as number;
      ends[at] = now + (tasks[at] as ScheduledTask).seconds;
      running.push(at);
    }
    if (running.length === 0) break;
    const at = running.pop() as number;
    now = ends[at] as number;
    finish(at);
  }
  return {
    serial: tasks.reduce((sum, it) => sum + it.seconds, 0),
    wall: now,
    critical: paths.reduce((most, it) => Math.max(most, it), 0),
  };
}

/** Dependencies first; and of each task its dependents, and how many dependencies it waits for. */
function orderTasks(tasks: readonly ScheduledTask[]) {
  const dependents: number[][] = tasks.map(() => []);
  const waits = new Uint32Array(tasks.length);
  tasks.forEach(({ dependencies }, at) => {
    for (const dependency of new Set(dependencies)) {
      (dependents[dependency] as number[]).push(at);
      waits[at] = (waits[at] as number) + 1;
    }
  });
  const left = waits.slice();
  const order = [...tasks.keys()].filter((at) => left[at] === 0);
  for (const at of order) {
    for (const dependent of dependents[at] as readonly number[]) {
      left[dependent] = (left[dependent] as number) - 1;
      if (left[dependent] === 0) order.push(dependent);
    }
  }
  if (order.length < tasks.length) throw new ScheduleError("tasks depend on each other, so that none can be first");
  return { order, dependents, waits };
}
