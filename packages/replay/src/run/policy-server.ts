import type { EquivalenceService } from "../equivalence-service.ts";
import type { Policy } from "../policies/policy.ts";
import { MovingKnowledge } from "./moving-knowledge.ts";
import { ToldServer } from "./told-server.ts";

/**
 * The server as the builders of a policy see it, or what the policy has in its place, of which the server hears nothing.
 *
 * @param method the name space
 */
export function createPolicyServer({ server }: Policy, service: EquivalenceService, method: string): ToldServer {
  if (server?.map === "moving") return new ToldServer(undefined, method, new MovingKnowledge());
  return new ToldServer(server?.map === "list" ? undefined : service, method);
}
