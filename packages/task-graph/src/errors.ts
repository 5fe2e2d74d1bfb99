import type { Tid } from "@depid/hash";

/** Tasks depend on each other in a circle. */
export class CycleError extends Error {
  readonly code = "CYCLE";
  /** The tasks of the circle, each depending on the next; the last depends on the first. */
  readonly cycle: readonly Tid[];
  constructor(cycle: readonly Tid[]) {
    super(`tasks depend on each other: ${[...cycle, ...cycle.slice(0, 1)].join(" -> ")}`);
    this.name = "CycleError";
    this.cycle = cycle;
  }
}

/** A task is named that the capture does not have. */
export class UnknownTaskError extends Error {
  readonly code = "UNKNOWN_TASK";
  readonly tid: Tid;
  constructor(tid: Tid, namedBy: string) {
    super(`no task ${JSON.stringify(tid)} in this capture, though ${namedBy}`);
    this.name = "UnknownTaskError";
    this.tid = tid;
  }
}

/** A change does not fit the capture it is applied to. */
export class ChangeError extends Error {
  readonly code = "CHANGE";
  constructor(message: string) {
    super(message);
    this.name = "ChangeError";
  }
}

/** Text that was to be a file of ours and is none. The message names the source, the line and the field. */
abstract class FileError extends Error {
  /** File name, or what the text came from. */
  readonly source: string;
  /** Counted from 1; 0 when the whole is meant. */
  readonly line: number;
  constructor(source: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${source}${line > 0 ? `:${line}` : ""}: ${problem}`, options);
    this.source = source;
    this.line = line;
  }
}

/** Text that was to be a history and is none. */
export class HistoryError extends FileError {
  readonly code = "HISTORY";
  override readonly name = "HistoryError";
}

/** Text that was to be a capture and is none. */
export class CaptureError extends FileError {
  readonly code = "CAPTURE";
  override readonly name = "CaptureError";
}

/** A file cannot be written. */
export class OutputError extends Error {
  readonly code = "OUTPUT";
  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: cannot be written: ${problem}`, options);
    this.name = "OutputError";
  }
}
