import { BitbakeFileError } from "../file-error.ts";
import { readSigdata } from "./read-sigdata.ts";

/** The taskhash of a siginfo file, or why there is none. A file that went away meanwhile has neither. */
export interface ReadTaskHash {
  readonly taskhash?: string;
  readonly problem?: string;
}

/** Reads the taskhash that an sstate object was made for. */
export async function readTaskHash(file: string): Promise<ReadTaskHash> {
  try {
    const { hashed } = await readSigdata(file);
    return hashed === undefined ? {} : { taskhash: hashed.taskhash };
  } catch (error) {
    if (!(error instanceof BitbakeFileError)) throw error;
    if ((error.cause as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return {};
    return { problem: error.message.replace(`${file}: `, "") };
  }
}
