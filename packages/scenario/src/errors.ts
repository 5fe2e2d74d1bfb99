import { SourceError } from "@depid/hash";

/** A scenario that cannot be read. The message names file, line, column and field. */
export class ScenarioError extends SourceError {
  readonly code = "SCENARIO";
}
