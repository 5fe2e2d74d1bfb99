import { printable } from "./errors.ts";

/** A file or directory that BitBake should have written, and that makes no sense. The message names it, the line if any, and what was expected. */
export class BitbakeFileError extends Error {
  readonly code = "BITBAKE_FILE";
  override readonly name = "BitbakeFileError";
  /** File name, or what the text came from. */
  readonly source: string;
  /** Counted from 1; 0 when the whole is meant. */
  readonly line: number;

  constructor(source: string, line: number, problem: string, options?: ErrorOptions) {
    super(`${printable(source)}${line > 0 ? `:${line}` : ""}: ${problem}`, options);
    this.source = source;
    this.line = line;
  }
}

/** What a message shows of a text: its beginning, quoted, with control characters escaped. */
export function excerptOf(text: string): string {
  return printable(text.length > 60 ? `${JSON.stringify(text.slice(0, 57))}...` : JSON.stringify(text));
}
