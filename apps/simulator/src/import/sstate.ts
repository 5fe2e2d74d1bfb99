import type { SstateObjectRow } from "@depid/bitbake";
import { readSstateDirectory } from "@depid/bitbake/fs";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags } from "./table.ts";

/** The objects of an sstate directory as a table. */
export function importSstate(directory: string, flags: TableFlags, shutdown: Shutdown): Promise<void> {
  return importTable("sstate", readObjects(directory), flags, shutdown);
}

function readObjects(directory: string) {
  const recipes = new Set<string>();
  let [archives, withoutSiginfo, siginfoAlone, links, bytes] = [0, 0, 0, 0, 0];
  return {
    source: readSstateDirectory(directory),
    count({ pn, size, siginfo, sig, link }: SstateObjectRow) {
      recipes.add(pn);
      if (size === null && siginfo !== null) siginfoAlone += 1;
      if (size !== null) archives += 1;
      if (size !== null && siginfo === null) withoutSiginfo += 1;
      if (link) links += 1;
      bytes += (size ?? 0) + (siginfo ?? 0) + (sig ?? 0);
    },
    nothing: "holds no sstate object and no siginfo",
    counts: () => ({ archives, links, withoutSiginfo, siginfoAlone, recipes: recipes.size, bytes }),
  };
}
