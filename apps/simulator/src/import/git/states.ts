import type { MetadataState } from "@depid/bitbake";
import { ImportGitError } from "./errors.ts";
import { git } from "./git.ts";

/** Which commits of a repository are walked. */
export interface Selection {
  /** `A..B`: from A on, which is the first state, along first parents to B. */
  readonly range?: string;
  /** Dates as git reads them, of the commits that lead to HEAD; the first commit within is the first state. */
  readonly since?: string;
  readonly until?: string;
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

async function listCommits(repository: string, { range, since, until }: Selection): Promise<Commit[]> {
  if (range === undefined) {
    const dates = [...(since ? [`--since=${since}`] : []), ...(until ? [`--until=${until}`] : [])];
    const commits = await log(repository, ...dates, "HEAD");
    if (commits.length === 0)
      throw new ImportGitError(`${repository}: no commits that lead to HEAD within those dates`);
    return commits;
  }
  const [start = "", end, ...more] = range.split("..");
  if (start === "" || end === undefined || end.startsWith(".") || more.length > 0) {
    throw new ImportGitError(`--range: expected A..B, found ${JSON.stringify(range)}`);
  }
  const [from, to] = await Promise.all(
    [start, end || "HEAD"].map((name) =>
      git(repository, "rev-parse", "--verify", "--end-of-options", `${name}^{commit}`),
    ),
  );
  const commits = await log(repository, `${from}..${to}`);
  const first = await log(repository, "--max-count=1", from ?? "");
  if (commits.length > 0 && commits[0]?.parent !== from) {
    throw new ImportGitError(`--range: ${start} is not among the first parents of ${end || "HEAD"}`);
  }
  return [...first, ...commits];
}

/** First-parent commits, oldest first. */
async function log(repository: string, ...args: string[]): Promise<Commit[]> {
  const text = await git(
    repository,
    "log",
    "--first-parent",
    "--reverse",
    "-z",
    "--format=%H%n%P%n%cI%n%s",
    ...args,
    "--",
  );
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
  const text = await git(repository, "rev-list", "--first-parent", `${first.id}..${last.id}`, "--", within);
  return new Set(text.split("\n"));
}
