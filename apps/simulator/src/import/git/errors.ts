import { DepidError } from "@depid/hash";

/** A walk over commits cannot begin or go on. The message says what was wanted, what was found and, if there is one, the way out. */
export class ImportGitError extends DepidError {
  readonly code = "IMPORT_GIT";
}
