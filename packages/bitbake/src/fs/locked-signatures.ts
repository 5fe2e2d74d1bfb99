import { type LockedSigs, type LockRow, parseLockedSigs } from "../locked-signatures.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { readTextFile } from "./text-lines.ts";

/**
 * Reads `locked-sigs.inc`.
 *
 * @param machine as `parseLockedSigs` takes it
 * @throws {BitbakeFileError} naming file and line
 */
export async function readLockedSigs(file: string, machine?: string): Promise<LockedSigs> {
  return parseLockedSigs(await readTextFile(file), file, machine);
}

/** The rows of `locked-sigs.inc` as a table. */
export function tableOfLocks({ rows, unknown, otherStatements }: LockedSigs, file: string): RowSource<LockRow> {
  async function* all(): AsyncGenerator<LockRow> {
    yield* rows;
  }
  return {
    header: {
      table: "locks",
      source: file,
      unknown: ["the taskhash that a task had when its signature was locked, unless the map has it", ...unknown],
      assumed: [
        "the file is included whole, and no other file sets the same variables",
        ...(otherStatements === 0
          ? []
          : [`statements of the file about anything else than locks do nothing to them: ${otherStatements}`]),
      ],
    },
    rows: all(),
    leftOut: new LeftOut(),
  };
}
