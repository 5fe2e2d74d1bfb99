import type { Tid } from "@depid/hash";

/** What was asked for does not fit the build's task graph. */
export class PlanError extends Error {
  readonly code = "PLAN";
  constructor(message: string) {
    super(message);
    this.name = "PlanError";
  }
}

/** A setscene task has a hard dependency that is no setscene task of this build (runqueue.md section 6). */
export class HardDependencyError extends Error {
  readonly code = "HARD_DEPENDENCY";
  readonly tid: Tid;
  readonly dependency: Tid;
  constructor(tid: Tid, dependency: Tid) {
    super(`${tid}_setscene depends on ${dependency}_setscene, which is not in this build`);
    this.name = "HardDependencyError";
    this.tid = tid;
    this.dependency = dependency;
  }
}

/** Text that was to be a saved builder and is none. */
export class BuilderFormatError extends Error {
  readonly code = "BUILDER_FORMAT";
  constructor(problem: string, options?: ErrorOptions) {
    super(`saved builder: ${problem}`, options);
    this.name = "BuilderFormatError";
  }
}

/** The run queue was told something that cannot have happened. A fault of the driver or of a port, not of the input. */
export class StepError extends Error {
  readonly code = "STEP";
  constructor(message: string) {
    super(message);
    this.name = "StepError";
  }
}
