import type { EquivalenceService } from "../equivalence-service.ts";
import type { Policy } from "../policies/policy.ts";
import { MovingKnowledge } from "./moving-knowledge.ts";
import { RowKnowledge } from "./row-knowledge.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import { ToldServer } from "./told-server.ts";

/** What a server is beside what its policy says. */
export interface ServerKind {
  /** Which is asked for what this one does not know. */
  readonly upstream?: ToldServer | undefined;
  /** Whether rows are removed from it, or copied. */
  readonly hasRows?: boolean;
}

/**
 * The server as the builders of a policy see it, or what the policy has in its place, of which the server hears nothing.
 *
 * @param method the name space
 */
export function createPolicyServer(
  policy: Policy,
  service: EquivalenceService,
  method: string,
  kind: ServerKind = {},
): ToldServer {
  const told = policy.server?.map === undefined ? service : undefined;
  return new ToldServer(told, method, createKnowledge(policy, kind), kind.upstream);
}

/** What such a server knows whose database is empty. */
export function createKnowledge({ server }: Policy, kind: ServerKind & { readonly hasRows: true }): RowKnowledge;
export function createKnowledge({ server }: Policy, kind: ServerKind): ServerKnowledge;
export function createKnowledge({ server }: Policy, { upstream, hasRows }: ServerKind): ServerKnowledge {
  const above = upstream && (() => (upstream.isReached ? upstream.knowledge : undefined));
  if (server?.map === "moving") return new MovingKnowledge(undefined, above);
  return hasRows === true ? new RowKnowledge(undefined, above) : new ServerKnowledge(undefined, above);
}
