import { findMismatchFiles, loadBuild, readConsoleMismatches } from "@depid/bitbake/fs";
import {
  compareCaptures,
  explainDocument,
  explainTask,
  formatExplain,
  formatMismatches,
  isSameTask,
  type MismatchReport,
  mismatchDocument,
  type TaskChange,
  type TaskFile,
  type WorkerMismatch,
} from "@depid/compare";
import { type Command, Option } from "commander";
import { configNamed, wholeNumberFrom } from "./flags.ts";
import { readBuilds } from "./read-builds.ts";
import type { Shutdown } from "./shutdown.ts";

interface ExplainFlags {
  readonly against?: string;
  readonly multiconfig?: string;
  readonly console?: string;
  readonly all?: true;
  readonly allPaths?: number | true;
  readonly json?: true;
}

/** Ways that `--all-paths` lists without a number. */
const PATHS = 100;

/** `depid explain`: how a taskhash came about and why it is another one in another build; exit status 1 if it is. */
export function addExplainCommand(program: Command, shutdown: Shutdown): void {
  const command = program
    .command("explain")
    .description(
      "how the taskhash of a task came about; against another build, why it changed and what would have stopped it",
    )
    .argument("<build>", "a build: capture, HISTORY@STEP, folder or files of sigdata, build directory")
    .argument("[task...]", "pn:task, pn and task, a tid, or the beginning of a taskhash or depid")
    .addOption(new Option("--against <build>", "the build before, from which the task changed"))
    .addOption(
      new Option(
        "--multiconfig <name>",
        "of the build before, where it is another; default is the one without a name",
      ).argParser(configNamed),
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
      ).argParser(wholeNumberFrom(1)),
    )
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action(async (build: string, task: string[], flags: ExplainFlags) => {
      if (flags.console !== undefined) {
        if (task.length > 0) command.error("error: --console explains the tasks that the log names: expected no task");
        await explainConsole(flags.console, build, flags.json === true);
        return;
      }
      if (task.length === 0) command.error("error: missing required argument 'task'");
      if (flags.multiconfig !== undefined && flags.against === undefined) {
        command.error("error: --multiconfig is of the build that --against names");
      }
      await explain(build, task, flags, shutdown);
    });
}

async function explain(
  build: string,
  task: readonly string[],
  { against, multiconfig, all, allPaths, json }: ExplainFlags,
  { signal }: Shutdown,
): Promise<void> {
  const [capture, other] = await readBuilds(build, against, signal);
  const explained = explainTask(
    { name: build, capture },
    task.join(" "),
    against === undefined || other === undefined ? undefined : { name: against, capture: other },
    { allPaths: allPaths === true ? PATHS : allPaths, multiconfig },
  );
  const mismatches = await compareWorkers(explained.files);
  const report = { ...explained, ...(mismatches.length === 0 ? {} : { mismatches }) };
  const view = { allHashes: all === true };
  const text = json === true ? JSON.stringify(explainDocument(report), null, 2) : formatExplain(report, view);
  process.stdout.write(`${text}\n`);
  if (!isSameTask(report)) process.exitCode = 1;
}

/** What the files that a worker with other metadata wrote hold, against the one that counts. */
async function compareWorkers(files: readonly TaskFile[]): Promise<WorkerMismatch[]> {
  const server = files.find(({ isForeign }) => !isForeign);
  const found: WorkerMismatch[] = [];
  for (const { file } of files.filter(({ isForeign }) => isForeign)) {
    let stated = "";
    const { tasks } = await loadBuild(file, {
      onMismatch: (it) => (stated = it.hash === "taskhash" ? it.stated : stated),
    });
    const [task] = tasks;
    if (task === undefined) continue;
    const change = server === undefined ? undefined : await changeBetween(server.file, file);
    found.push({ file, stated: stated === "" ? task.taskhash : stated, taskhash: task.taskhash, change });
  }
  return found;
}

/** What differs between two signature files of one task. */
async function changeBetween(before: string, after: string): Promise<TaskChange | undefined> {
  const [old, young] = [await loadBuild(before), await loadBuild(after)];
  return compareCaptures(old, young).changed[0];
}

async function explainConsole(log: string, build: string, json: boolean): Promise<void> {
  const { mismatches, unread } = await readConsoleMismatches(log);
  const files = mismatches.length === 0 ? new Map() : await findMismatchFiles(mismatches, [build]);
  const reports: MismatchReport[] = [];
  for (const mismatch of mismatches) {
    const { server, worker } = files.get(mismatch) ?? {};
    const change = server === undefined || worker === undefined ? undefined : await changeBetween(server, worker);
    reports.push({ ...mismatch, serverFile: server, workerFile: worker, change });
  }
  const text = json
    ? JSON.stringify(mismatchDocument(log, build, reports, unread), null, 2)
    : formatMismatches(log, reports, unread);
  process.stdout.write(`${text}\n`);
  if (reports.length + unread.length > 0) process.exitCode = 1;
}
