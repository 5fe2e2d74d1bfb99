/** What was named as a build is none that can be read. The message names it and what was expected. */
export class BuildInputError extends Error {
  readonly code = "BUILD_INPUT";
  constructor(input: string, problem: string, options?: ErrorOptions) {
    super(`${printable(input)}: ${problem}`, options);
    this.name = "BuildInputError";
  }
}

/** A text in a message, on one line: names of files may hold anything. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
