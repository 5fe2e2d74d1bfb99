import { accessSync, constants, existsSync, statSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, delimiter, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readGit } from "@depid/bitbake/fs";
import { openProgress } from "@depid/command-line/progress";
import { outsideReason } from "@depid/hash";
import { writeHistory } from "@depid/task-graph/fs";
import type { GitDocument } from "../documents/index.ts";
import type { Shutdown } from "../shutdown.ts";
import { type BitbakeSettings, runBitbake, stopServer } from "./git/bitbake.ts";
import { copyLayer, readBuildConf, writeBuildConf } from "./git/build-conf.ts";
import { ImportGitError } from "./git/errors.ts";
import { type CommitRange, formatRange, listStates } from "./git/states.ts";
import { type BuiltHistory, buildHistory, type FailedState, walkStates } from "./git/walk.ts";
import { walkStep } from "./git/walk-step.ts";
import { digestOf, WorkFolder } from "./git/work.ts";

export interface GitFlags {
  readonly output: string;
  readonly range?: CommitRange;
  readonly since?: string;
  readonly until?: string;
  /** How many commits are walked without any of these. */
  readonly last: number;
  readonly stride: number;
  readonly target: readonly string[];
  readonly machine?: string;
  readonly bitbake?: string;
  readonly conf?: string;
  readonly work?: string;
  readonly runCmd?: string;
  readonly variables: boolean;
  readonly json?: true;
}

const LAYER = fileURLToPath(new URL("../../../../layers/meta-depid", import.meta.url));
const ROOT_USER = 0;

/** Walks the commits of a layer and writes the history. */
export async function importGit(directory: string, flags: GitFlags, shutdown: Shutdown): Promise<void> {
  checkFlags(flags);
  const { repository, within } = await findRepository(directory);
  const { range, since, until, last, stride } = flags;
  const states = await listStates(repository, {
    ...(range === undefined ? {} : { range }),
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    last,
    stride,
    within,
  });
  if (states.length < 2) {
    const what = range === undefined ? "what is selected" : `--range ${formatRange(range)}`;
    const where = within === "" ? "" : ` that changes ${within}`;
    throw new ImportGitError(`expected at least two states: ${what} has no commit after the first${where}`);
  }
  const work = await openWork(repository, flags);
  const settings: BitbakeSettings = {
    bitbake: flags.bitbake === undefined ? undefined : resolve(flags.bitbake),
    build: work.build,
    tree: work.tree,
    targets: flags.target,
    command: flags.runCmd,
  };
  const progress = await openProgress();
  try {
    const kept = states.filter(({ id }) => work.hasCapture(id)).length;
    if (kept > 0) progress.note(`${kept} of ${states.length} states are captured already`);
    const failed = await walkStates(states, {
      work,
      run: (id, log, signal) => runBitbake(settings, id, log, signal),
      signal: shutdown.signal,
      onProgress: (it) => progress.update(walkStep(it)),
      onFailure: (failure) => progress.note(`not captured: ${formatFailure(failure)}`),
      clock: () => performance.now(),
    });
    const layer = basename(within === "" ? repository : within);
    const built = await buildHistory(states, work, { layer, target: flags.target.join(" ") }, flags);
    await writeHistory(flags.output, built.history);
    progress.end();
    const document = summarize(flags.output, states.length, kept, built, failed);
    process.stdout.write(flags.json === true ? `${JSON.stringify(document, null, 2)}\n` : formatSummary(document));
  } finally {
    progress.end();
    await stopServer(settings);
    await work.close();
  }
}

function summarize(
  output: string,
  states: number,
  kept: number,
  built: BuiltHistory,
  failed: readonly FailedState[],
): GitDocument {
  const { history, captured, unchanged, tasks, unknown, assumed } = built;
  const counts = { states, captured, kept, unchanged, steps: history.steps.length, tasks };
  return { import: "git", output, ...counts, failed, unknown, assumed };
}

function formatSummary(document: GitDocument): string {
  const { output, states, captured, kept, unchanged, steps, tasks, failed, unknown, assumed } = document;
  const lines = [
    `${output}: ${steps} steps, ${tasks} tasks in the last`,
    `states: ${states}, captured ${captured} (${kept} by an earlier run), without a change of any task ${unchanged}, failed ${failed.length}`,
    ...failed.map((failure) => `failed: ${formatFailure(failure)}`),
    ...unknown.map((sentence) => `unknown: ${sentence}`),
    ...assumed.map((sentence) => `assumed: ${sentence}`),
  ];
  return `${lines.join("\n")}\n`;
}

function formatFailure({ id, title, reason, log }: FailedState): string {
  return `${id.slice(0, 12)} ${title}: ${reason} (${log})`;
}

/** Looks at all that the walk needs, before anything runs or is written. @throws {ImportGitError} */
function checkFlags({ bitbake, runCmd, output, work }: GitFlags): void {
  const folder = dirname(resolve(output));
  if (!existsSync(folder)) throw new ImportGitError(`--output ${output}: no such directory`);
  if (!statSync(folder).isDirectory())
    throw new ImportGitError(`--output ${output}: expected a directory on the way, found a file`);
  if (statSync(output, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new ImportGitError(`--output ${output}: expected a file, found a directory`);
  if (!isWritable(folder)) throw new ImportGitError(`--output ${output}: ${folder} cannot be written to`);
  if (work !== undefined && !isWritable(nearest(resolve(work))))
    throw new ImportGitError(`--work ${work}: cannot be made in ${nearest(resolve(work))}`);
  if (bitbake !== undefined && !existsSync(join(bitbake, "bin/bitbake"))) {
    throw new ImportGitError(`--bitbake ${bitbake}: expected bin/bitbake in it`);
  }
  if (runCmd !== undefined) return;
  if (bitbake === undefined && !isInPath("bitbake"))
    throw new ImportGitError("bitbake is not in PATH: name its checkout with --bitbake, or a command with --run-cmd");
  if (process.getuid?.() === ROOT_USER) {
    throw new ImportGitError(
      "OE-Core does not build as root: run this as another user, or name a command with --run-cmd",
    );
  }
}

function isInPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder, or the closest above it that is there. */
function nearest(folder: string): string {
  return existsSync(folder) ? folder : nearest(dirname(folder));
}

/** The repository that has the directory, and the directory in it. */
async function findRepository(directory: string): Promise<{ repository: string; within: string }> {
  if (!existsSync(directory)) throw new ImportGitError(`${directory}: no such directory`);
  const inside = await realpath(directory);
  const repository = await readGit(inside, ["rev-parse", "--show-toplevel"], { searchUp: true }).catch(
    (cause: unknown) => {
      const reason = outsideReason(cause);
      throw new ImportGitError(`${directory}: expected a checkout of a git repository (${reason})`, { cause });
    },
  );
  return { repository, within: relative(repository, inside) };
}

async function openWork(repository: string, flags: GitFlags): Promise<WorkFolder> {
  const { target, machine, variables, bitbake } = flags;
  const folder = resolve(flags.work ?? `${flags.output}.work`);
  const work = WorkFolder.at(folder, repository);
  const conf = await readBuildConf({
    conf: flags.conf === undefined ? undefined : await realpath(flags.conf),
    repository,
    tree: work.tree,
    layer: work.layer,
    machine,
    variables,
  });
  await work.open({
    repository,
    target: target.join(" "),
    configuration: digestOf([...conf].sort(([a], [b]) => (a < b ? -1 : 1)).flat()),
    bitbake: bitbake === undefined ? "" : resolve(bitbake),
  });
  await writeBuildConf(work.build, conf);
  await copyLayer(LAYER, work.layer);
  return work;
}
