/** A file that was to be checked and cannot be. The message names the file. */
export class RecordingError extends Error {
  readonly code = "RECORDING";
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.name = "RecordingError";
  }
}

/** A server that was to be compared with a recording does not start. */
export class LaunchError extends Error {
  readonly code = "LAUNCH";
  override readonly name = "LaunchError";
}
