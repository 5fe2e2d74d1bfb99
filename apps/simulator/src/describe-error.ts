/**
 * One line for the user. Errors of ours carry a `code` and say what was wanted and what was found; anything else is a defect of
 * the program, and its stack helps whoever mends it.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isOurs = "code" in error && typeof error.code === "string";
  return isOurs ? error.message.replaceAll("\n", " ") : `internal error: ${error.stack ?? error.message}`;
}
