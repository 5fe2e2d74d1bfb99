import { type DepId, type OutHash, parseOutHash, sha256Hex } from "@depid/hash";
import { outHashBasic, parseHashFn, sstateTaskOf } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { Content } from "./truth/content.ts";

/** The method that outhashes are made by; on a server each policy of a run has a name space of its own instead. */
export const OUTHASH_METHOD: string = outHashBasic.name;

/** What an outhash covers beside the content. It depends on the build that reports, not on the truth. */
export interface OutHashContext {
  /** Lines `pn: depid` of the sysroots below, when the task started (`HASHEQUIV_EXTRA_SIGDATA`); "" for none. */
  readonly extra?: string;
  /** The depid that the task had when it started (`BB_UNIHASH`), where its output names it. */
  readonly names?: DepId;
}

/**
 * The outhash a task reports for a content: a digest of method, SSTATE_PKGSPEC, task and content, as the real one covers these
 * and the output tree (design, section 3). Recipe name, PV and PR are in SSTATE_PKGSPEC: another version is never equivalent.
 */
export function outHashOf(task: Task, content: Content, { extra = "", names }: OutHashContext = {}): OutHash {
  const { pkgSpec } = parseHashFn(task.hashfn);
  const lines = [
    OUTHASH_METHOD,
    `SSTATE_PKGSPEC=${pkgSpec}`,
    `task=${sstateTaskOf(task.task)}`,
    content.seen ?? content.output,
  ];
  if (names !== undefined) lines.push(`names ${names}`);
  if (extra !== "") lines.push(extra);
  return parseOutHash(sha256Hex(lines.join("\n")));
}
