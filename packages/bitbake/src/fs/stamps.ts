import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { findStampName } from "@depid/sstate";
import { BitbakeFileError } from "../file-error.ts";
import type { StampRow } from "../stamp.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { below, createPause, walk } from "./walk.ts";

/** Characters of a taint that are kept; BitBake writes a UUID. */
const TAINT_BYTES = 256;

/**
 * Reads a stamps directory (STAMPS_DIR, `tmp/stamps`): one row per stamp, taint file and file of signature data.
 *
 * @throws {BitbakeFileError} when reading rows: if it is no directory, or holds files and no stamp at all
 */
export function readStamps(directory: string): RowSource<StampRow> {
  const leftOut = new LeftOut();
  return {
    header: {
      table: "stamps",
      source: directory,
      unknown: ["whether the hash of a name is a taskhash or a depid: that depends on the signature generator"],
      assumed: ["STAMP as OE-Core sets it: <MULTIMACH_TARGET_SYS>/<PN>/<PV>"],
    },
    rows: rowsOf(directory, leftOut),
    leftOut,
  };
}

const NO_NAME = "not named as a stamp";

async function* rowsOf(directory: string, leftOut: LeftOut): AsyncGenerator<StampRow> {
  const pause = createPause();
  let rows = 0;
  for await (const { folder, files } of walk(directory, leftOut)) {
    for (const { name: file } of files) {
      const path = below(folder, file);
      const name = findStampName(path);
      if (name === undefined) {
        leftOut.add(NO_NAME, path);
        continue;
      }
      const found = await look(join(directory, path), name.kind === "taint");
      if (found === undefined) {
        leftOut.add("gone, or not to be read", path);
        continue;
      }
      rows += 1;
      yield { path, ...name, ...found };
      await pause();
    }
  }
  const strange = leftOut.entries.find(({ reason }) => reason === NO_NAME);
  if (rows === 0 && strange !== undefined)
    throw new BitbakeFileError(
      directory,
      0,
      `expected a stamps directory, found ${strange.count} other files, such as ${JSON.stringify(strange.examples[0])}, and no stamp`,
    );
}

async function look(file: string, isTaint: boolean): Promise<Pick<StampRow, "modified" | "taint"> | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file);
    const { mtimeMs } = await handle.stat();
    const modified = Math.floor(mtimeMs / 1000);
    if (!isTaint) return { modified, taint: null };
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TAINT_BYTES), 0, TAINT_BYTES, 0);
    return { modified, taint: buffer.toString("utf8", 0, bytesRead) };
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
