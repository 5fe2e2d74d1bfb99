import { DepidError, SourceError, type Tid } from "@depid/hash";

/** Tasks depend on each other in a circle. */
export class CycleError extends DepidError {
  readonly code = "CYCLE";
  /** The tasks of the circle, each depending on the next; the last depends on the first. */
  readonly cycle: readonly Tid[];
  constructor(cycle: readonly Tid[]) {
    super(`tasks depend on each other: ${[...cycle, ...cycle.slice(0, 1)].join(" -> ")}`);
    this.cycle = cycle;
  }
}

/** A task is named that the capture does not have. */
export class UnknownTaskError extends DepidError {
  readonly code = "UNKNOWN_TASK";
  readonly tid: Tid;
  constructor(tid: Tid, namedBy: string) {
    super(`no task ${JSON.stringify(tid)} in this capture, though ${namedBy}`);
    this.tid = tid;
  }
}

/** A change does not fit the capture it is applied to. */
export class ChangeError extends DepidError {
  readonly code = "CHANGE";
}

/** Text that was to be a history and is none. */
export class HistoryError extends SourceError {
  readonly code = "HISTORY";
}

/** Text that was to be a capture and is none. */
export class CaptureError extends SourceError {
  readonly code = "CAPTURE";
}

/** A file cannot be written. */
export class OutputError extends DepidError {
  readonly code = "OUTPUT";
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`cannot be written: ${problem}`, { source: file, ...options });
  }
}
