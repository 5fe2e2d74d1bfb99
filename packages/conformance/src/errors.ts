/** A file that was to be checked and cannot be. The message names the file. */
export class RecordingError extends Error {
  readonly code = "RECORDING";
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`${path}: ${problem}`, options);
    this.name = "RecordingError";
  }
}
