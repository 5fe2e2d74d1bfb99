/** A file of BitBake's that makes no sense, or cannot be read. The message names the file, the line and what was expected. */
export class BitbakeFileError extends Error {
  readonly code = "BITBAKE_FILE";
  /** File name, or what the text came from. */
  readonly source: string;
  /** Counted from 1; 0 when the whole is meant. */
  readonly line: number;
  constructor(source: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${printable(source)}${line > 0 ? `:${line}` : ""}: ${problem}`, options);
    this.name = "BitbakeFileError";
    this.source = source;
    this.line = line;
  }
}

/** What was named as a build is none that can be read. The message names it and what was expected. */
export class BuildInputError extends Error {
  readonly code = "BUILD_INPUT";
  constructor(input: string, problem: string, options?: ErrorOptions) {
    super(`${printable(input)}: ${problem}`, options);
    this.name = "BuildInputError";
  }
}

/** The beginning of a text, in quotes and on one line, for a message. */
export function excerptOf(content: string): string {
  return printable(content.length > 60 ? `${JSON.stringify(content.slice(0, 57))}...` : JSON.stringify(content));
}

/** A text in a message, on one line: names of files may hold anything. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
