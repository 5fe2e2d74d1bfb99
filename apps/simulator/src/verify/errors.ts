/** Builds that cannot be held against a history. The message names the build and what was expected. */
export class VerifyError extends Error {
  readonly code = "VERIFY";
  constructor(message: string) {
    super(message);
    this.name = "VerifyError";
  }
}
