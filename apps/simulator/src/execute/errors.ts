import { DepidError } from "@depid/hash";

/** A command of a scenario that failed, or that cannot be run. The message names the scenario, the step and the task. */
export class ExecutionError extends DepidError {
  readonly code = "EXECUTION";
  /** @param source the scenario, with the step: `NAME@STEP` @param task `PN:TASK` */
  constructor(source: string, task: string, problem: string, options?: ErrorOptions) {
    super(problem, { source, field: task, ...options });
  }
}
