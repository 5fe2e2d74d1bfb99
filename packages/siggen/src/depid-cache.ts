import { type DepId, splitTid, type TaskHash } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import type { DepIdRequest } from "./signature-generator.ts";

/** What a builder remembers of the server's answers from build to build. It is not checked against the server again. */
export interface DepIdCache {
  find(request: DepIdRequest): DepId | undefined;
  store(request: DepIdRequest, depid: DepId): void;
}

/** What BitBake's cache holds of one task. */
export interface CachedDepId {
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}

/** A cache that can be kept: `saved` is what it holds now, by `<config>:<pn>:<task>`, and does not change with it. */
export interface TaskCache extends DepIdCache {
  readonly saved: ReadonlyMap<string, CachedDepId>;
}

/** Keys of rows in BitBake's cache: a row is asked for in every build. */
const keys = new WeakMap<Task, string>();

function keyOf({ task }: DepIdRequest): string {
  let key = keys.get(task);
  if (key === undefined) {
    key = `${splitTid(task.tid).config}:${task.pn}:${task.task}`;
    keys.set(task, key);
  }
  return key;
}

/**
 * BitBake's cache (`bb_unihashes.dat`): one taskhash per `<config>:<pn>:<task>`, so that an earlier taskhash is forgotten
 * (runqueue.md section 3, signatures.md section 4).
 *
 * @param saved what an earlier one held; it is left as it is
 */
export function createTaskCache(saved?: ReadonlyMap<string, CachedDepId>): TaskCache {
  let entries = new Map(saved);
  /** Somebody keeps what `saved` gave. */
  let isShared = false;
  return {
    find(request) {
      const entry = entries.size === 0 ? undefined : entries.get(keyOf(request));
      return entry?.taskhash === request.taskhash ? entry.depid : undefined;
    },
    store(request, depid) {
      if (isShared) entries = new Map(entries);
      isShared = false;
      entries.set(keyOf(request), { taskhash: request.taskhash, depid });
    },
    get saved() {
      isShared = true;
      return entries;
    },
  };
}

/**
 * The cache of the 2018 RFC: `<task>:<taskhash>`, so that every taskhash is remembered (origins.md section 1). The RFC's grew
 * without bound; this one forgets what has not been used for longest.
 *
 * @param limit how many entries are kept
 */
export function createTaskHashCache(limit = 1_000_000): DepIdCache {
  const entries = new Map<string, DepId>();
  const keyOf = ({ task, taskhash }: DepIdRequest) => `${task.task}:${taskhash}`;
  return {
    find(request) {
      const key = keyOf(request);
      const depid = entries.get(key);
      if (depid === undefined) return undefined;
      entries.delete(key);
      entries.set(key, depid);
      return depid;
    },
    store(request, depid) {
      const key = keyOf(request);
      entries.delete(key);
      entries.set(key, depid);
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break;
        entries.delete(oldest);
      }
    },
  };
}
