import type { Tid } from "@depid/hash";
import type { SignatureGenerator } from "@depid/siggen";
import type { StampHash } from "@depid/sstate";
import type { DepValid } from "../depvalid.ts";
import type { TaskHashes } from "../task-hashes.ts";
import type { EarlierDepIds } from "./unseen-state.ts";

/** What the rules depend on besides the graph. Absent flags are off. */
export interface BuildRules {
  /** Hashes at the start; `place` is that of the task in the plan. */
  readonly hashesOf: (tid: Tid, place: number) => TaskHashes;
  /** Hashes anew what stands above a task whose depid was answered differently. Without one, only that task gets the answer. */
  readonly generator?: Pick<SignatureGenerator, "taskhash">;
  /**
   * With these, hashes that nobody ever had are not computed, nor looked up, before they are needed. Only for a generator whose taskhash is another as
   * soon as one depid is (a digest of all), and where nobody else builds with the store or writes to the name space of the server. Are added to.
   * Default: each hash is computed and looked up.
   */
  readonly earlierDepIds?: EarlierDepIds;
  /** Taints as they were hashed at the start; they replace the capture's. */
  readonly taints?: ReadonlyMap<Tid, string>;
  /** Tasks with locked signatures: they report nothing (signatures.md sections 2 and 7). */
  readonly locked?: ReadonlySet<Tid>;
  /** Which hash stamps are named by: `SignatureGenerator.stampHash`. */
  readonly stampHash: StampHash;
  /** `BB_NUMBER_THREADS`: how many tasks are active at a time, setscene included. Default: 1. */
  readonly workers?: number;
  /** Default: OE-Core's. */
  readonly depValid?: DepValid;
  /**
   * Whether OE-Core's sstate class is in use: stamps of an sstate task are removed before it runs, a manifest is kept of
   * what is installed, stale stamps are removed with it when a build starts. Default: true.
   */
  readonly sstateClass?: boolean;
  /** `-f`: targets are not restored. (Tainting them is up to the caller: `addTaint`.) */
  readonly force?: boolean;
  /** `-k`: after a failure, what does not depend on the failed task goes on. */
  readonly keepGoing?: boolean;
  /** `-n`: nothing is executed, stamped or stored. */
  readonly dryRun?: boolean;
  readonly setsceneOnly?: boolean;
  readonly skipSetscene?: boolean;
  /** `BB_SETSCENE_ENFORCE`: patterns `pn:task` of tasks which are exempt (runqueue.md section 11). */
  readonly enforceExcept?: readonly string[];
}
