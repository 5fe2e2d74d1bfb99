import { BitbakeFileError, type MetadataState } from "@depid/bitbake";
import { readGit } from "@depid/bitbake/fs";
import { ImportGitError } from "./errors.ts";

/** `A..B`, without the B that git takes HEAD for. */
export interface CommitRange {
  readonly from: string;
  readonly to: string;
}

/** As it was typed. */
export function formatRange({ from, to }: CommitRange): string {
  return `${from}..${to}`;
}

/** Which commits of a repository are walked. */
export interface Selection {
  /** As git has it: the commits of `to` that `from` does not have, along first parents. The first state is the one they start from. */
  readonly range?: CommitRange;
  /** Dates as git reads them, of the commits that lead to HEAD; the first commit within is the first state. */
  readonly since?: string;
  readonly until?: string;
  /** How many commits are walked where nothing else is selected; the one before them is the first state. */
  readonly last: number;
  /** Every how many commits there is a state; the last commit is one in any case. */
  readonly stride: number;
  /** Folder inside the repository: only commits that change something below it are states; "" for all. */
  readonly within: string;
}

interface Commit extends Pick<MetadataState, "id" | "date"> {
  readonly parent: string;
  readonly title: string;
}

/**
 * The states of a repository's metadata, oldest first, each with the commits since the state before.
 *
 * @throws {ImportGitError} when the selection names no commits, or not along first parents
 */
export async function listStates(repository: string, selection: Selection): Promise<MetadataState[]> {
  const commits = await listCommits(repository, selection);
  const within = await findWithin(repository, selection, commits);
  const candidates = commits.filter(({ id }, i) => i === 0 || within === undefined || within.has(id));
  const chosen = candidates.filter((_, i) => i % selection.stride === 0 || i === candidates.length - 1);
  const states: MetadataState[] = [];
  let passed: MetadataState["commits"] = [];
  const ends = new Set(chosen.map(({ id }) => id));
  for (const { id, date, title } of commits) {
    passed = [...passed, { id, title }];
    if (!ends.has(id)) continue;
    states.push({ id, date, commits: passed });
    passed = [];
  }
  return states;
}

async function listCommits(repository: string, { range, since, until, last }: Selection): Promise<Commit[]> {
  if (range === undefined && since === undefined && until === undefined) {
    return await log(repository, `--max-count=${last + 1}`, "HEAD");
  }
  if (range === undefined) {
    const dates = [...(since ? [`--since=${since}`] : []), ...(until ? [`--until=${until}`] : [])];
    const commits = await log(repository, ...dates, "HEAD");
    if (commits.length === 0)
      throw new ImportGitError(`${repository}: no commits that lead to HEAD within those dates`);
    return commits;
  }
  const [from = "", to = ""] = await Promise.all(
    [range.from, range.to || "HEAD"].map((name) => findCommit(repository, name, range)),
  );
  const commits = await log(repository, `${from}..${to}`);
  // Where A is not among the first parents of B, the walk starts from the newest of these that A has too.
  const base = commits.length === 0 ? from : (commits[0]?.parent ?? "");
  return base === "" ? commits : [...(await log(repository, "--max-count=1", base)), ...commits];
}

/** @throws {ImportGitError} naming what is no commit */
async function findCommit(repository: string, name: string, range: CommitRange): Promise<string> {
  try {
    return await readGit(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`]);
  } catch (cause) {
    if (!(cause instanceof BitbakeFileError)) throw cause;
    throw new ImportGitError(`--range ${formatRange(range)}: ${JSON.stringify(name)} is no commit of ${repository}`, {
      cause,
    });
  }
}

/** First-parent commits, oldest first. */
async function log(repository: string, ...args: string[]): Promise<Commit[]> {
  const format = "--format=%H%n%P%n%cI%n%s";
  const text = await readGit(repository, ["log", "--first-parent", "--reverse", "-z", format, ...args, "--"]);
  if (text === "") return [];
  return text
    .replace(/\0$/, "")
    .split("\0")
    .map((record) => {
      const [id = "", parents = "", date = "", title = ""] = record.split("\n");
      return { id, parent: parents.split(" ")[0] ?? "", date, title };
    });
}

/** The commits that change something in the folder; `undefined` if all count. */
async function findWithin(
  repository: string,
  { within }: Selection,
  commits: readonly Commit[],
): Promise<Set<string> | undefined> {
  const [first, last] = [commits[0], commits.at(-1)];
  if (within === "" || first === undefined || last === undefined) return undefined;
  const text = await readGit(repository, ["rev-list", "--first-parent", `${first.id}..${last.id}`, "--", within]);
  return new Set(text.split("\n"));
}
