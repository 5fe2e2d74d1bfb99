import {
  type BuildOutputs,
  findOutputName,
  type OutputRow,
  outputRows,
  parseMetadataRevs,
  type WrittenOutput,
} from "../build-outputs.ts";
import { BitbakeFileError } from "../file-error.ts";
import { LeftOut, type RowSource } from "../table.ts";
import { parseTasksigs } from "../tasksigs.ts";
import { GitRepository } from "./git.ts";
import { linesOfBytes } from "./text-lines.ts";

const SIGNATURES = "task/tasksigs.txt";
const REVISIONS = "metadata-revs";

/**
 * Reads what the repository of buildhistory.bbclass tells of outputs, a commit a build, the oldest first: by the git program, along first parents.
 *
 * @param directory work tree or bare repository
 * @param revision whose first parents are the builds
 * @throws {BitbakeFileError} if git refuses, or no commit has outputs
 */
export async function readBuildOutputs(directory: string, revision = "HEAD"): Promise<readonly BuildOutputs[]> {
  if (revision.startsWith("-")) throw new BitbakeFileError(directory, 0, `${JSON.stringify(revision)}: no revision`);
  const git = new GitRepository(directory);
  const commits = await commitsOf(git, revision);
  if (!commits.some(({ written }) => written.length > 0)) {
    throw new BitbakeFileError(
      directory,
      0,
      "expected commits with files below task/output (BUILDHISTORY_FEATURES with task), found none",
    );
  }
  const builds: BuildOutputs[] = [];
  const contents = git.files(commits.flatMap(({ commit }) => [`${commit}:${REVISIONS}`, `${commit}:${SIGNATURES}`]));
  for (const { commit, written } of commits) {
    const [revisions, signatures] = [(await contents.next()).value, (await contents.next()).value];
    const source = (file: string): string => `${directory} ${commit.slice(0, 12)}:${file}`;
    builds.push({
      commit,
      written,
      revisions: revisions ? parseMetadataRevs(linesOfBytes(revisions, source(REVISIONS)), source(REVISIONS)) : [],
      taskhashes: signatures ? taskhashesOf(signatures, source(SIGNATURES)) : undefined,
    });
  }
  await contents.return(undefined);
  return builds;
}

/** @returns without those of a name that comes twice: which of them is meant cannot be told */
function taskhashesOf(content: Buffer, source: string): ReadonlyMap<string, string> {
  const twice = new Set<string>();
  const tasks = parseTasksigs(linesOfBytes(content, source), source, (name) => twice.add(name));
  return new Map([...tasks].filter(([name]) => !twice.has(name)).map(([name, { taskhash }]) => [name, taskhash]));
}

/** What became of outputs, build by build, as rows. */
export function tableOfOutputs(builds: readonly BuildOutputs[], directory: string): RowSource<OutputRow> {
  async function* rows(): AsyncGenerator<OutputRow> {
    yield* outputRows(builds);
  }
  const untold = builds.filter((it) => it.taskhashes === undefined).length;
  return {
    header: {
      table: "outputs",
      source: directory,
      unknown: [
        "outputs that a build wrote again as they were",
        "configuration of a task: files below task/output have names of recipes only",
        ...(untold === 0 ? [] : [`taskhashes of ${untold} builds: they have no ${SIGNATURES}`]),
      ],
      assumed: ["one commit is one build, in the order of first parents"],
    },
    rows: rows(),
    leftOut: new LeftOut(),
  };
}

async function commitsOf(
  git: GitRepository,
  revision: string,
): Promise<readonly Pick<BuildOutputs, "commit" | "written">[]> {
  const lines = await git.lines(
    "-c",
    "log.showRoot=true",
    "-c",
    "core.quotePath=false",
    "log",
    "--first-parent",
    "-m",
    "--reverse",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--format=%H",
    "--end-of-options",
    revision,
    "--",
  );
  const commits: { readonly commit: string; readonly written: WrittenOutput[] }[] = [];
  for (const line of lines) {
    if (/^[0-9a-f]+$/.test(line)) commits.push({ commit: line, written: [] });
    const [, object = "", change, path = ""] = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) (\w)\t(.*)$/.exec(line) ?? [];
    const name = findOutputName(path);
    if (name !== undefined) commits.at(-1)?.written.push({ ...name, output: change === "D" ? null : object });
  }
  return commits;
}
