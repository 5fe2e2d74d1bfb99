import type { EquivalenceRow, OutHashRow } from "@depid/bitbake";
import { openHashservDatabase } from "@depid/bitbake/fs";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags } from "./table.ts";

export interface HashservFlags extends TableFlags {
  readonly table: "equivalences" | "outhashes";
}

/** A table of a hash equivalence server's database. */
export async function importHashserv(file: string, flags: HashservFlags, shutdown: Shutdown): Promise<void> {
  const database = openHashservDatabase(file);
  const close = () => database.close();
  if (flags.table === "equivalences") {
    let [own, marked] = [0, 0];
    const count = ({ taskhash, depid, mark }: EquivalenceRow) => {
      if (taskhash === depid) own += 1;
      if (mark) marked += 1;
    };
    const counts = () => ({ ownDepids: own, marked });
    await importTable("hashserv", { source: database.equivalences(), count, counts, close }, flags, shutdown);
  } else {
    let [named, text] = [0, 0];
    const count = ({ pn, siginfo }: OutHashRow) => {
      if (pn !== null) named += 1;
      if (siginfo !== null) text += 1;
    };
    const counts = () => ({ withRecipe: named, withText: text });
    await importTable("hashserv", { source: database.outhashes(), count, counts, close }, flags, shutdown);
  }
}
