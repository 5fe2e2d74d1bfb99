import type { DepId, OutHash, TaskHash } from "@depid/hash";
import type { DepIdQuery, DepIdSource } from "@depid/siggen";

/** What a replay needs of a hash equivalence server. `hashserv-client` has this shape; neither imports the other. */
export interface EquivalenceService extends DepIdSource {
  /** Reports outputs in this order; answers the depid that now applies to each. */
  reportAll(reports: readonly OutHashReport[]): Promise<readonly DepId[]>;
  /** Declares a depid for which there is no output to show; answers the one that now applies. */
  reportEquiv(declared: Omit<OutHashReport, "outhash">): Promise<DepId>;
  /** Removes all that is known of these taskhashes. */
  removeAll(tasks: readonly DepIdQuery[]): Promise<void>;
}

/** A finished task tells the server what came out (signatures.md section 7). */
export interface OutHashReport {
  readonly method: string;
  readonly taskhash: TaskHash;
  readonly outhash: OutHash;
  /** The depid the task had until now. */
  readonly depid: DepId;
}
