import type { Command } from "commander";
import { addImportBuildHistory } from "./import/buildhistory.ts";
import { addImportBuildStats } from "./import/buildstats.ts";
import { addImportCapture } from "./import/capture.ts";
import { addImportDot } from "./import/dot.ts";
import { addImportGit } from "./import/git.ts";
import { addImportHashserv } from "./import/hashserv.ts";
import { addImportLockedSigs } from "./import/locked-sigs.ts";
import { addImportLog } from "./import/log.ts";
import { addImportSigdata } from "./import/sigdata.ts";
import { addImportSstate } from "./import/sstate.ts";
import { addImportStamps } from "./import/stamps.ts";
import type { Shutdown } from "./shutdown.ts";

/** Adds one subcommand of `depid import`. */
export type AddImport = (command: Command, shutdown: Shutdown) => void;

/** What can be imported, in the order of the help: each in a file of its own in `import/`. */
const imports: readonly AddImport[] = [
  addImportSigdata,
  addImportCapture,
  addImportGit,
  addImportBuildHistory,
  addImportBuildStats,
  addImportDot,
  addImportHashserv,
  addImportLockedSigs,
  addImportLog,
  addImportSstate,
  addImportStamps,
];

/** `depid import <what>`: from BitBake's files to captures, histories and tables. */
export function addImportCommand(program: Command, shutdown: Shutdown): void {
  const command = program.command("import").description("turn what BitBake wrote into captures, histories and tables");
  for (const add of imports) add(command, shutdown);
}
