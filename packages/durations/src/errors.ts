import { DepidError, SourceError } from "@depid/hash";

/** A file of durations that makes no sense. The message names it, the line or field, and what was expected. */
export class DurationsError extends SourceError {
  readonly code = "DURATIONS";
}

/** Tasks that were to be scheduled depend on each other. */
export class ScheduleError extends DepidError {
  readonly code = "SCHEDULE";
}
