import type { Command } from "commander";
import { addImportCapture } from "./import/capture.ts";
import { addImportGit } from "./import/git.ts";
import { addImportSigdata } from "./import/sigdata.ts";
import type { Shutdown } from "./shutdown.ts";

/** Adds one subcommand of `depid import`. */
export type AddImport = (command: Command, shutdown: Shutdown) => void;

/** What can be imported, in the order of the help: each in a file of its own in `import/`. */
const imports: readonly AddImport[] = [addImportSigdata, addImportCapture, addImportGit];

/** `depid import <what>`: from BitBake's files to captures, histories and tables. */
export function addImportCommand(program: Command, shutdown: Shutdown): void {
  const command = program.command("import").description("turn what BitBake wrote into captures, histories and tables");
  for (const add of imports) add(command, shutdown);
}
