import type { BuildPlan } from "@depid/runqueue";
import type { Task } from "@depid/task-graph";
import type { SecondsOf } from "./fates.ts";

/** Seconds of each task of a plan, by place. */
export interface TaskSeconds {
  /** Of executing. A noexec task takes none. */
  readonly real: Float64Array;
  /** Of restoring. */
  readonly setscene: Float64Array;
}

/** Looks up what tasks take, once for all builds of a step, and once for all steps where a row stays. What is the same is the same object. */
export class SecondsTable {
  readonly #secondsOf: SecondsOf;
  #plan: Pick<BuildPlan, "tids" | "tasks"> = { tids: [], tasks: [] };
  #seconds: TaskSeconds = { real: new Float64Array(), setscene: new Float64Array() };

  constructor(secondsOf: SecondsOf) {
    this.#secondsOf = secondsOf;
  }

  of(plan: Pick<BuildPlan, "tids" | "tasks">): TaskSeconds {
    const before = this.#plan;
    if (plan.tasks === before.tasks) return this.#seconds;
    const isSameShape = plan.tids === before.tids;
    const seconds = isSameShape ? this.#seconds : secondsFor(plan.tasks.length);
    let { real, setscene } = seconds;
    for (let i = 0; i < plan.tasks.length; i++) {
      const task = plan.tasks[i] as Task;
      if (isSameShape && task === before.tasks[i]) continue;
      const [executing, restoring] = [
        task.noexec ? 0 : this.#secondsOf(task, "real"),
        this.#secondsOf(task, "setscene"),
      ];
      if (real[i] === executing && setscene[i] === restoring) continue;
      // Others have what was given.
      if (isSameShape && real === this.#seconds.real) [real, setscene] = [real.slice(), setscene.slice()];
      real[i] = executing;
      setscene[i] = restoring;
    }
    this.#plan = plan;
    this.#seconds = real === seconds.real ? seconds : { real, setscene };
    return this.#seconds;
  }
}

function secondsFor(size: number): TaskSeconds {
  return { real: new Float64Array(size), setscene: new Float64Array(size) };
}
