import type { DepId } from "@depid/hash";
import type { EquivalenceKey, JoinedRow, OutHashKey } from "@depid/hashserv-protocol";

/**
 * Another server, asked when something is not found here (section 12). It never fails: a server that refuses, is not
 * there, or does not answer in time knows nothing.
 */
export interface Upstream {
  findDepId(key: EquivalenceKey): Promise<DepId | undefined>;
  /** Methods and taskhashes must be words. */
  findDepIds(keys: readonly EquivalenceKey[]): Promise<readonly (DepId | undefined)[]>;
  depIdsExist(depids: readonly DepId[]): Promise<readonly boolean[]>;
  findOldestOfTask(key: EquivalenceKey): Promise<UpstreamRow | undefined>;
  findOldestOfOutput(key: OutHashKey): Promise<UpstreamRow | undefined>;
  /** Whether it is asked at present, and not left alone for a while after a failure. */
  readonly available: boolean;
  close(): Promise<void>;
}

/** A record of another server, which has checked nothing but its depid. */
export type UpstreamRow = JoinedRow & { readonly depid: DepId };
