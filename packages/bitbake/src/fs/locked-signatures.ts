import { type LockedSigs, type LockRow, parseLockedSigs } from "../locked-signatures.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { readTextFile } from "./text-lines.ts";

/** Reads `locked-sigs.inc`. @throws {BitbakeFileError} naming file and line */
export async function readLockedSigs(file: string): Promise<LockedSigs> {
  return parseLockedSigs(await readTextFile(file), file);
}

/** The rows of `locked-sigs.inc` as a table. @throws {BitbakeFileError} when reading rows */
export function readLocks(file: string): RowSource<LockRow> {
  async function* rows(): AsyncGenerator<LockRow> {
    yield* (await readLockedSigs(file)).rows;
  }
  return {
    header: {
      table: "locks",
      source: file,
      unknown: ["the taskhash that a task had when its signature was locked, unless the map has it"],
      assumed: ["the file is included whole: overrides of other files are not looked at"],
    },
    rows: rows(),
    leftOut: new LeftOut(),
  };
}
