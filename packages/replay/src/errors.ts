/** Labels that cannot be read. The message names source, line and field. */
export class LabelsError extends Error {
  readonly code = "LABELS";
  constructor(source: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${source}${line > 0 ? `:${line}` : ""}: ${problem}`, options);
    this.name = "LabelsError";
  }
}

/** A replay that was asked for what does not exist: a policy, a builder, a target. */
export class ReplayError extends Error {
  readonly code = "REPLAY";
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ReplayError";
  }
}

/** A recording of outputs that cannot be used. The message names source and field. */
export class RecordingError extends Error {
  readonly code = "RECORDING";
  constructor(source: string, problem: string, options?: ErrorOptions) {
    super(`${source}: ${problem}`, options);
    this.name = "RecordingError";
  }
}
