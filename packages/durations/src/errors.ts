/** A file of durations that makes no sense. The message names it, the line or field, and what was expected. */
export class DurationsError extends Error {
  readonly code = "DURATIONS";
  override readonly name = "DurationsError";

  /** @param line counted from 1; 0 when the whole is meant */
  constructor(source: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${source}${line > 0 ? `:${line}` : ""}: ${problem}`, options);
  }
}

/** Tasks that were to be scheduled depend on each other. */
export class ScheduleError extends Error {
  readonly code = "SCHEDULE";
  override readonly name = "ScheduleError";
}
