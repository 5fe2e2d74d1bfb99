import { DepidError, type Tid } from "@depid/hash";

/** What was asked for does not fit the build's task graph. */
export class PlanError extends DepidError {
  readonly code = "PLAN";
}

/** A setscene task has a hard dependency that is no setscene task of this build (runqueue.md section 6). */
export class HardDependencyError extends DepidError {
  readonly code = "HARD_DEPENDENCY";
  readonly tid: Tid;
  readonly dependency: Tid;
  constructor(tid: Tid, dependency: Tid) {
    super(`${tid}_setscene depends on ${dependency}_setscene, which is not in this build`);
    this.tid = tid;
    this.dependency = dependency;
  }
}

/** Text that was to be a saved builder and is none. */
export class BuilderFormatError extends DepidError {
  readonly code = "BUILDER_FORMAT";
  constructor(problem: string, options?: ErrorOptions) {
    super(problem, { source: "saved builder", ...options });
  }
}

/** Text that was to be a release of BitBake and is none. */
export class ReleaseError extends DepidError {
  readonly code = "RELEASE";
  constructor(found: string) {
    super({ expected: "a version such as 2.8", found }, { field: "release of BitBake" });
  }
}

/** The run queue was told something that cannot have happened: a bug of the driver or of a port, so none of the errors of input. */
export class StepError extends Error {
  readonly code = "STEP";
  override readonly name = "StepError";
}
