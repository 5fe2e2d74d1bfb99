import type { EquivalenceRow, OutHashRow } from "@depid/bitbake";
import { openHashservDatabase } from "@depid/bitbake/fs";
import { type Command, Option } from "commander";
import type { Shutdown } from "../shutdown.ts";
import { importTable, type TableFlags, withTableFlags } from "./table.ts";

interface HashservFlags extends TableFlags {
  readonly table: "equivalences" | "outhashes";
}

/** `depid import hashserv`: what a hash equivalence server has in its database. */
export function addImportHashserv(command: Command, shutdown: Shutdown): void {
  withTableFlags(command.command("hashserv"))
    .description("read the database of a hash equivalence server, which may be running")
    .argument("<file>", "hashserv.db")
    .addOption(
      new Option("--table <name>", "which of its two tables")
        .choices(["equivalences", "outhashes"])
        .default("equivalences"),
    )
    .action((file: string, flags: HashservFlags) => runImport(file, flags, shutdown));
}

async function runImport(file: string, flags: HashservFlags, shutdown: Shutdown): Promise<void> {
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
