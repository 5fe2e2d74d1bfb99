import { DepidError } from "@depid/hash";

/** A value of an option that means nothing here. */
export class OptionError extends DepidError {
  readonly code = "OPTION";
}
