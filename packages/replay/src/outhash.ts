import { type OutHash, parseOutHash, sha256Hex } from "@depid/hash";
import { parseHashFn, sstateTaskOf } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { Content } from "./content.ts";

/** The method that outhashes are made by; on a server each policy of a run has a name space of its own instead. */
export const OUTHASH_METHOD = "oe.sstatesig.OEOuthashBasic";

/**
 * The outhash a task reports for a content: a digest of method, SSTATE_PKGSPEC, task and content, as the real one covers these
 * and the output tree (design, section 3). Recipe name, PV and PR are in SSTATE_PKGSPEC: another version is never equivalent.
 */
export function outHashOf(task: Task, content: Content): OutHash {
  const { pkgSpec } = parseHashFn(task.hashfn);
  return parseOutHash(
    sha256Hex(
      [OUTHASH_METHOD, `SSTATE_PKGSPEC=${pkgSpec}`, `task=${sstateTaskOf(task.task)}`, content.output].join("\n"),
    ),
  );
}
