import { DepidError } from "@depid/hash";

/** Builds that cannot be held against a history. The message names the build and what was expected. */
export class VerifyError extends DepidError {
  readonly code = "VERIFY";
}
