import { byCodePoint } from "@depid/hash";

/** What is known of a signature file before it is said which file of its task counts. */
export interface SigdataGist {
  readonly file: string;
  /** `[mc:NAME:]PN:TASK`. */
  readonly pnid: string;
  /** When it was written: milliseconds since 1970. */
  readonly time: number;
  /** The hash in its name. */
  readonly hash: string;
  /** Taskhash and depid that it states; `undefined` in a file that was written when no taskhash was known. */
  readonly stated: { readonly taskhash: string; readonly depid: string } | undefined;
  /** What its task hashed. */
  readonly deps: readonly { readonly pnid: string; readonly depid: string }[];
  /** Whether its content gives another taskhash than it states: a worker wrote it that parsed other metadata than the server. */
  readonly isForeign: boolean;
}

/** A stamp with a hash in its name: the task ran, or was restored, with that hash. */
export interface StampOfTask {
  readonly pnid: string;
  readonly hash: string;
  /** When it was made: milliseconds since 1970. */
  readonly time: number;
}

/** Which of a task's signature files counts, and what tells. */
export interface CurrentFile {
  /** `undefined`: the task's hash is known, and no file has it, as restored and covered tasks write none. */
  readonly gist: SigdataGist | undefined;
  /** The hash that is current. */
  readonly hash: string;
  /** `stamp`: its own stamp, or that of a task above, with the hashes in the files between; `age`: the newest file does. */
  readonly by: "stamp" | "age";
}

/**
 * Says which signature file of each task is of the last build (signatures.md sections 3 and 4). The newest file of a task need not be:
 * restored and covered tasks write none, so that a file of an edit which was taken back stays the newest. Here the newest stamp, or file,
 * tells what its task's hash was last; the file with that hash tells those of the dependencies, and so on down; then the next
 * newest, of which the tasks are not decided yet. Files that a worker with other metadata wrote count where there is no other.
 *
 * Where the times of all are within two seconds, as in a checkout, they tell nothing: then tasks that nothing depends on come first.
 */
export function chooseCurrent(
  gists: readonly SigdataGist[],
  stamps: readonly StampOfTask[],
): ReadonlyMap<string, CurrentFile> {
  const files = groupByTask(gists);
  const heights = heightsOf(files);
  const origins: Origin[] = [
    ...stamps.map((it) => ({ ...it, by: "stamp" as const, file: "" })),
    ...gists
      .filter((it) => !it.isForeign && it.stated !== undefined)
      .map(({ pnid, hash, time, file }) => ({ pnid, hash, time, file, by: "age" as const })),
  ].filter(({ pnid }) => files.has(pnid));
  const chosen = new Map<string, CurrentFile>();
  const stamped = new Set(stamps.map(({ pnid, hash }) => `${pnid} ${hash}`));
  for (const origin of origins.sort(areTimesLost(origins) ? byHeight(heights) : byTime(heights))) {
    decide(origin, files, chosen);
  }
  for (const [pnid, candidates] of files) {
    const [best] = candidates.toSorted((a, b) => lastRank(a) - lastRank(b) || b.time - a.time || byFile(a, b));
    if (best !== undefined && !chosen.has(pnid)) chosen.set(pnid, { gist: best, hash: best.hash, by: "age" });
  }
  for (const [pnid, it] of chosen) if (stamped.has(`${pnid} ${it.hash}`)) chosen.set(pnid, { ...it, by: "stamp" });
  return chosen;
}

/** What tells the hash of a task first-hand. */
interface Origin extends StampOfTask {
  readonly by: CurrentFile["by"];
  readonly file: string;
}

/** Decides about the task of an origin and, as far as they are not decided yet, about all below. */
function decide(origin: Origin, files: ReadonlyMap<string, SigdataGist[]>, chosen: Map<string, CurrentFile>): void {
  const waiting = [{ pnid: origin.pnid, hash: origin.hash }];
  for (const { pnid, hash } of waiting) {
    const candidates = files.get(pnid);
    if (candidates === undefined || chosen.has(pnid)) continue;
    const gist = withHash(candidates, hash);
    if (gist === undefined && origin.by === "age") continue;
    chosen.set(pnid, { gist, hash, by: origin.by });
    for (const dependency of gist?.deps ?? []) waiting.push({ pnid: dependency.pnid, hash: dependency.depid });
  }
}

/** The file of a task whose name, depid or taskhash is that hash, in this order; what a worker with other metadata wrote comes last. */
function withHash(candidates: readonly SigdataGist[], hash: string): SigdataGist | undefined {
  const own = candidates.filter((it) => !it.isForeign && it.stated !== undefined);
  return (
    newest(own.filter((it) => it.hash === hash)) ??
    newest(own.filter((it) => it.stated?.depid === hash)) ??
    newest(own.filter((it) => it.stated?.taskhash === hash)) ??
    newest(candidates.filter((it) => it.isForeign && (it.stated?.depid === hash || it.stated?.taskhash === hash)))
  );
}

function newest(gists: readonly SigdataGist[]): SigdataGist | undefined {
  return gists.toSorted((a, b) => b.time - a.time || byFile(a, b))[0];
}

function lastRank({ isForeign, stated }: SigdataGist): number {
  return stated === undefined ? 2 : isForeign ? 1 : 0;
}

function byFile(a: { readonly file: string }, b: { readonly file: string }): number {
  return byCodePoint(a.file, b.file);
}

/** Milliseconds. */
const CHECKOUT = 2000;

function areTimesLost(origins: readonly Origin[]): boolean {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const { time } of origins) [first, last] = [Math.min(first, time), Math.max(last, time)];
  return last - first < CHECKOUT;
}

type Order = (a: Origin, b: Origin) => number;

function byTime(heights: ReadonlyMap<string, number>): Order {
  return (a, b) => b.time - a.time || stampFirst(a, b) || higherFirst(heights, a, b) || byFile(a, b);
}

function byHeight(heights: ReadonlyMap<string, number>): Order {
  return (a, b) => higherFirst(heights, a, b) || stampFirst(a, b) || b.time - a.time || byFile(a, b);
}

function stampFirst(a: Origin, b: Origin): number {
  return Number(a.by === "age") - Number(b.by === "age");
}

function higherFirst(heights: ReadonlyMap<string, number>, a: Origin, b: Origin): number {
  return (heights.get(b.pnid) ?? 0) - (heights.get(a.pnid) ?? 0);
}

function groupByTask(gists: readonly SigdataGist[]): Map<string, SigdataGist[]> {
  const groups = new Map<string, SigdataGist[]>();
  for (const gist of gists) {
    const group = groups.get(gist.pnid);
    if (group === undefined) groups.set(gist.pnid, [gist]);
    else group.push(gist);
  }
  return groups;
}

/** How many tasks are below each at most, one below another, by any of the files. A circle, which no one build has, is cut. */
function heightsOf(files: ReadonlyMap<string, readonly SigdataGist[]>): Map<string, number> {
  const heights = new Map<string, number>();
  const depsOf = (pnid: string) => [
    ...new Set((files.get(pnid) ?? []).flatMap(({ deps }) => deps.map((it) => it.pnid))),
  ];
  for (const root of files.keys()) {
    if (heights.has(root)) continue;
    heights.set(root, 0);
    const stack = [{ pnid: root, deps: depsOf(root), next: 0 }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const below = top.deps[top.next++];
      if (below === undefined) {
        heights.set(top.pnid, Math.max(0, ...top.deps.map((it) => (heights.get(it) ?? -1) + 1)));
        stack.pop();
      } else if (!heights.has(below) && files.has(below)) {
        heights.set(below, 0);
        stack.push({ pnid: below, deps: depsOf(below), next: 0 });
      }
    }
  }
  return heights;
}
