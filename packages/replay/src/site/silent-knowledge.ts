import type { DepId, OutHash, TaskHash } from "@depid/hash";
import { ServerKnowledge } from "../run/server-knowledge.ts";

/**
 * What a builder learns of a server that does not answer: nothing. BitBake warns, and goes on with taskhashes; nobody hears of what it reports
 * (hashserv-protocol.md section 17).
 */
export class SilentKnowledge extends ServerKnowledge {
  override over(): this {
    return this;
  }

  override tell(taskhash: TaskHash, outhash: OutHash | undefined, depid: DepId): DepId {
    return outhash === undefined ? (taskhash as string as DepId) : depid;
  }
}
