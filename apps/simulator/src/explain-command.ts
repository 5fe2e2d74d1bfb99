import { explainDocument, explainTask, formatExplain, isSameTask } from "@depid/compare";
import { type Command, Option } from "commander";
import { wholeNumberFrom } from "./flags.ts";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

interface ExplainFlags {
  readonly against?: string;
  readonly allPaths?: number | true;
  readonly json?: true;
}

/** Ways that `--all-paths` lists without a number. */
const PATHS = 100;

/** `depid explain`: how a taskhash came about and why it is another one in another build; exit status 1 if it is. */
export function addExplainCommand(program: Command, shutdown: Shutdown): void {
  program
    .command("explain")
    .description(
      "how the taskhash of a task came about; against another build, why it changed and what would have stopped it",
    )
    .argument("<build>", "a build: capture, HISTORY@STEP, folder or files of sigdata, build directory")
    .argument("<task...>", "pn:task, pn and task, or a tid")
    .addOption(new Option("--against <build>", "the build before, from which the task changed"))
    .addOption(
      new Option("--all-paths [n]", `every way of the change, at most n of them (${PATHS})`).argParser(
        wholeNumberFrom(1),
      ),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action((build: string, task: string[], flags: ExplainFlags) => explain(build, task, flags, shutdown));
}

async function explain(
  build: string,
  task: readonly string[],
  { against, allPaths, json }: ExplainFlags,
  { signal }: Shutdown,
): Promise<void> {
  const [capture, other] = await readBuilds(build, against, signal);
  const report = explainTask(
    { name: build, capture },
    task.join(" "),
    against === undefined || other === undefined ? undefined : { name: against, capture: other },
    { allPaths: allPaths === true ? PATHS : allPaths },
  );
  const text = json === true ? JSON.stringify(explainDocument(report), null, 2) : formatExplain(report);
  process.stdout.write(`${text}\n`);
  if (!isSameTask(report)) process.exitCode = 1;
}
