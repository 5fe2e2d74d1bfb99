import { printable, SourceError } from "@depid/hash";

/** A file or directory that BitBake should have written, and that makes no sense. The message names it, the line if any, and what was expected. */
export class BitbakeFileError extends SourceError {
  readonly code = "BITBAKE_FILE";
}

/** What a message shows of a text: its beginning, quoted, with control characters escaped. */
export function excerptOf(text: string): string {
  return printable(text.length > 60 ? `${JSON.stringify(text.slice(0, 57))}...` : JSON.stringify(text));
}
