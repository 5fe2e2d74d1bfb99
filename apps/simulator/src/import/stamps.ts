import type { StampRow } from "@depid/bitbake";
import { readStamps } from "@depid/bitbake/fs";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, Tally } from "./table.ts";

/** The stamps of a build directory as a table. */
export function importStamps(directory: string, flags: TableFlags, shutdown: Shutdown): Promise<void> {
  const kinds = new Tally<StampRow["kind"]>();
  const count = ({ kind }: StampRow) => kinds.add(kind);
  return importTable(
    "stamps",
    { source: readStamps(directory), count, counts: () => kinds.counts, nothing: "holds no stamps" },
    flags,
    shutdown,
  );
}
