import { SourceError } from "@depid/hash";

/** A run that cannot be read. The message names the source, the field and what was expected. */
export class RunError extends SourceError {
  readonly code = "RUN";
}
