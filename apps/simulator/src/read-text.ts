import { readFile } from "node:fs/promises";
import type { SourceError } from "@depid/hash";

/** An error of who reads files of this kind. */
type FileError = new (file: string, line: number, problem: string, options?: ErrorOptions) => SourceError;

/**
 * The text of a file that somebody named.
 *
 * @param kind what it is to be, as the message says: "labels"
 * @throws an error of the class given, when it cannot be read or is no UTF-8
 */
export async function readTextAs(kind: string, file: string, FileError: FileError): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readFile(file));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Loaded only here: it has readers of all files of BitBake beside it.
    const { reasonOf } = await import("@depid/bitbake/fs");
    const reason = code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "expected UTF-8 text" : reasonOf(cause);
    throw new FileError(file, 0, `cannot be read as ${kind}: ${reason}`, { cause });
  }
}
