import { byCodePoint, closestNames, HASH_PATTERN, type Tid, taskName } from "@depid/hash";
import type { Capture, CapturedTask } from "@depid/task-graph";
import { TaskNotFoundError } from "./errors.ts";
import { nameOfTid } from "./pair.ts";

/** Names proposed when there is no such task. */
const PROPOSALS = 5;

/** The beginning of a hash: no name of a task is like it. */
const HASH = /^[0-9a-f]{4,64}$/;

/** What is known besides a capture. */
export interface FindTaskOptions {
  /** Hashes that signature files of a task have, which need not be those that count. */
  readonly files?: ReadonlyMap<Tid, readonly TaskFile[]> | undefined;
  /** Hash by name of tasks that were built and of which no signatures are there. */
  readonly missing?: ReadonlyMap<string, string> | undefined;
}

/** A signature file of a task. */
export interface TaskFile {
  readonly file: string;
  /** Whether it is the one that the capture's task was read from. */
  readonly isCurrent: boolean;
  /** Whether what it holds gives another taskhash than it states: a worker wrote it that parsed other metadata than the server. */
  readonly isForeign: boolean;
  /** As the file states them. */
  readonly taskhash: string | undefined;
  readonly depid: string | undefined;
}

/**
 * The task that a user names: `[mc:NAME:]PN:TASK`, `PN TASK`, a tid, where the `do_` may be left out; or the beginning, of 4 digits at least, of
 * its taskhash, depid or basehash, or of a hash of one of its signature files.
 *
 * @throws {TaskNotFoundError} with the closest names; also where several tasks have the name or the hash
 */
export function findTask(capture: Capture, wanted: string, options: FindTaskOptions = {}): CapturedTask {
  const name = wanted.trim().replace(/\s+/, ":");
  if (HASH.test(name)) return findByHash(capture, name, options);
  const candidates = [name, name.replace(/:(?!do_)([^:]*)$/, ":do_$1")];
  const byTid = capture.tasks.find((task) => candidates.includes(task.tid));
  if (byTid !== undefined) return byTid;
  const [found, another] = capture.tasks.filter((task) => candidates.includes(taskName(task)));
  if (found === undefined) {
    const gone = candidates.find((it) => options.missing?.has(it));
    if (gone !== undefined) {
      const problem = `its stamps tell the hash ${options.missing?.get(gone)}, and no signature file has it: restored and covered tasks write none`;
      throw new TaskNotFoundError(wanted, problem, []);
    }
    throw new TaskNotFoundError(wanted, "no such task", closestNames(capture.tasks.map(taskName), name));
  }
  if (another !== undefined) {
    throw new TaskNotFoundError(wanted, "several tasks have that name", [found.tid, another.tid]);
  }
  return found;
}

const WHOLE = new RegExp(HASH_PATTERN);

function findByHash({ tasks }: Capture, hash: string, { files, missing }: FindTaskOptions): CapturedTask {
  const isIt = (text: string | undefined) => text?.startsWith(hash) === true;
  const own = tasks.filter((it) => isIt(it.taskhash) || isIt(it.depid) || isIt(it.basehash));
  const ofFile = (it: TaskFile) => isIt(it.taskhash) || isIt(it.depid) || isIt(WHOLE.exec(baseName(it.file))?.[0]);
  const found = own.length > 0 ? own : tasks.filter(({ tid }) => files?.get(tid)?.some(ofFile));
  const [first, another] = found;
  if (first !== undefined && another === undefined) return first;
  if (first !== undefined) {
    const names = [...new Set(found.map(taskName))].sort(byCodePoint);
    const more = names.length - PROPOSALS;
    throw new TaskNotFoundError(hash, `${found.length} tasks have a hash that begins so`, [
      ...names.slice(0, PROPOSALS),
      ...(more > 0 ? [`and ${more} more`] : []),
    ]);
  }
  const gone = [...(missing ?? [])].find((it) => isIt(it[1]));
  if (gone !== undefined) {
    throw new TaskNotFoundError(hash, `is the hash of ${gone[0]} by its stamps, and no signature file has it`, []);
  }
  const above = tasks.find((it) => it.hashedDepids.some(isIt));
  const at = above?.hashedDepids.findIndex(isIt) ?? -1;
  if (above !== undefined) {
    const of = nameOfTid(above.hashdeps[at] as Tid);
    throw new TaskNotFoundError(
      hash,
      `is a depid of ${of} that ${taskName(above)} hashed, and no task of the build has it`,
      [of],
    );
  }
  throw new TaskNotFoundError(hash, "no task has a taskhash, depid or basehash that begins so", []);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
