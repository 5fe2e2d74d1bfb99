import { wholeNumber } from "@depid/command-line/flags";
import { type Command, Option } from "commander";
import type { ExplainFlags } from "./explain.ts";
import { configName } from "./flags.ts";
import type { Shutdown } from "./shutdown.ts";

/** Ways that `--all-paths` lists without a number. */
const PATHS = 100;

/** As commander gives them. */
interface Given extends Omit<ExplainFlags, "allPaths"> {
  readonly console?: string;
  readonly allPaths?: number | true;
}

/** `depid explain`: how a taskhash came about and why it is another one in another build; exit status 1 if it is. */
export function addExplainFlags(command: Command, shutdown: Shutdown): void {
  command
    .argument(
      "<build>",
      "a build: capture, HISTORY@STEP, SCENARIO or SCENARIO@STEP, folder or files of sigdata, build directory",
    )
    .argument("[task...]", "pn:task, pn and task, a tid, or the beginning of a taskhash or depid")
    .addOption(new Option("--against <build>", "the build before, from which the task changed"))
    .addOption(
      new Option(
        "--multiconfig <name>",
        "of the build before, where it is another; default is the one without a name",
      ).argParser(configName),
    )
    .addOption(
      new Option(
        "--console <log>",
        'from "Taskhash mismatch" and "the basehash value changed" in a console log to both files and their difference',
      ).conflicts(["against", "allPaths", "multiconfig", "all"]),
    )
    .addOption(new Option("--all", "every hash that was hashed"))
    .addOption(
      new Option(
        "--all-paths [n]",
        `every way of the change, the shortest first, at most n of them (${PATHS})`,
      ).argParser(wholeNumber(1)),
    )
    .addOption(
      new Option("--graph <language>", "the ways of the change as a picture, for Mermaid or Graphviz")
        .choices(["mermaid", "dot"])
        .conflicts(["json", "all", "console"]),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (build: string, task: string[], { console: log, ...flags }: Given) => {
      if (log !== undefined) {
        if (task.length > 0) command.error("error: --console explains the tasks that the log names: expected no task");
        return (await import("./explain-console.ts")).explainConsole(log, build, flags.json === true);
      }
      if (task.length === 0) command.error("error: missing required argument 'task'");
      if (flags.multiconfig !== undefined && flags.against === undefined) {
        command.error("error: --multiconfig is of the build that --against names");
      }
      const allPaths = flags.allPaths === true ? PATHS : flags.allPaths;
      return (await import("./explain.ts")).explain(build, task, { ...flags, allPaths }, shutdown);
    });
}
