import { DepidError } from "@depid/hash";

/** What was asked for cannot be done as it was asked. */
export class UsageError extends DepidError {
  readonly code = "USAGE";
}
