import { DepidError } from "@depid/hash";

/** A file that was to be checked and cannot be. The message names the file. */
export class RecordingError extends DepidError {
  readonly code = "RECORDING";
  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(problem, { source: path, ...options });
  }
}

/** A server that was to be compared with a recording does not start. */
export class LaunchError extends DepidError {
  readonly code = "LAUNCH";
}
