import { BitbakeFileError } from "../file-error.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { diffTasksigs, parseTasksigs, type Tasksig, type TasksigBuild, type TasksigRow } from "../tasksigs.ts";
import { GitRepository } from "./git.ts";
import { linesOfBytes } from "./text-lines.ts";

/** The taskhashes of build after build, as changes, and the builds: complete when all rows have been read. */
export interface TasksigSource extends RowSource<TasksigRow> {
  readonly builds: readonly TasksigBuild[];
}

const FILE = "task/tasksigs.txt";

/**
 * Reads the repository that buildhistory.bbclass writes (BUILDHISTORY_FEATURES with `task`), one commit per build, through git. Only the taskhashes of one build
 * are in memory at a time.
 *
 * @param directory work tree or bare repository
 * @param revision whose first parents are the builds
 * @throws {BitbakeFileError} when reading rows: if git refuses, or no commit has the file
 */
export function readTasksigs(directory: string, revision = "HEAD"): TasksigSource {
  const leftOut = new LeftOut();
  const builds: TasksigBuild[] = [];
  return {
    header: {
      table: "tasksigs",
      source: directory,
      unknown: [
        "what the taskhashes were made of: dependencies, basehashes, files and taints, which a history needs",
        "depids: only taskhashes are written",
        "builds that changed no taskhash, or were not committed",
      ],
      assumed: ["one commit is one build, in the order of first parents"],
    },
    rows: rowsOf(directory, revision, builds, leftOut),
    leftOut,
    builds,
  };
}

async function* rowsOf(
  directory: string,
  revision: string,
  builds: TasksigBuild[],
  leftOut: LeftOut,
): AsyncGenerator<TasksigRow> {
  const git = new GitRepository(directory);
  const commits = await commitsOf(git, directory, revision);
  const contents = git.files(commits.map(({ commit }) => `${commit}:${FILE}`));
  let before: ReadonlyMap<string, Tasksig> = new Map();
  let at = 0;
  for await (const content of contents) {
    const { commit, date, title } = commits[at++] as Commit;
    if (content === null) {
      leftOut.add(`a commit without ${FILE}`, commit);
      continue;
    }
    const source = `${directory} ${commit.slice(0, 12)}:${FILE}`;
    const after = parseTasksigs(linesOfBytes(content, source), source, (name) =>
      leftOut.add("a second task of the same name", `${commit.slice(0, 12)} ${name}`),
    );
    const counts = { new: 0, changed: 0, gone: 0 };
    for (const row of diffTasksigs(before, after)) {
      counts[row.change] += 1;
      yield { build: builds.length, commit, ...row };
    }
    builds.push({ commit, date, title, tasks: after.size, ...counts });
    before = after;
  }
  if (builds.length === 0)
    throw new BitbakeFileError(
      directory,
      0,
      `expected commits with ${FILE} (BUILDHISTORY_FEATURES with task), found none; --table outputs reads task/output`,
    );
}

interface Commit {
  readonly commit: string;
  readonly date: string;
  readonly title: string;
}

async function commitsOf(git: GitRepository, directory: string, revision: string): Promise<readonly Commit[]> {
  if (revision.startsWith("-")) throw new BitbakeFileError(directory, 0, `${JSON.stringify(revision)}: no revision`);
  const lines = await git.lines(
    "rev-list",
    "--first-parent",
    "--reverse",
    "--format=%H%x00%cI%x00%s",
    "--end-of-options",
    revision,
    "--",
    FILE,
  );
  return lines
    .filter((line) => line.includes("\0"))
    .map((line) => {
      const [commit = "", date = "", title = ""] = line.split("\0");
      return { commit, date, title };
    });
}
