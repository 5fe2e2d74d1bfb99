import type { LockRow } from "@depid/bitbake";
import { readLocks } from "@depid/bitbake/fs";
import type { Command } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, withTableFlags } from "./table.ts";

/** `depid import locked-sigs`: the locks of `locked-sigs.inc`. */
export function addImportLockedSigs(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("locked-sigs"))
    .description("read locked signatures, as bitbake -S lockedsigs writes them")
    .argument("<file>", "locked-sigs.inc")
    .action((file: string, flags: TableFlags) => importTable("locked-sigs", readRows(file), flags, shutdown));
}

function readRows(file: string) {
  const groups = new Set<string>();
  const recipes = new Set<string>();
  let [signatures, depids] = [0, 0];
  return {
    source: readLocks(file),
    count({ kind, group, pn }: LockRow) {
      recipes.add(pn);
      if (kind === "depid") depids += 1;
      else {
        signatures += 1;
        groups.add(group);
      }
    },
    counts: () => ({ signatures, groups: groups.size, recipes: recipes.size, depids }),
  };
}
