import type { SstateObjectRow } from "@depid/bitbake";
import { readSstateDirectory } from "@depid/bitbake/fs";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, withTableFlags } from "./table.ts";

/** `depid import sstate`: the objects of an sstate directory. */
export function addImportSstate(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("sstate"))
    .description("list the objects of an sstate directory, by what their names say")
    .argument("<directory>", "SSTATE_DIR, or a mirror as a directory")
    .action((directory: string, flags: TableFlags) => importTable("sstate", readObjects(directory), flags, shutdown));
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
