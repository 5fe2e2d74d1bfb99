/** A chain of outcomes that makes no sense. The message says which member, and what was expected. */
export class OutcomesError extends Error {
  readonly code = "OUTCOMES";
  constructor(problem: string, options?: ErrorOptions) {
    super(`--outcomes: ${problem}`, options);
    this.name = "OutcomesError";
  }
}
