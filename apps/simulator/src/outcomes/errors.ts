import { DepidError, SourceError } from "@depid/hash";

/** A value of an option that means nothing here. */
export class OptionError extends DepidError {
  readonly code = "OPTION";
}

/** Odds of classes of changes that cannot be read. The message names file, line, column and field. */
export class ClassOddsError extends SourceError {
  readonly code = "CLASS_ODDS";
}
