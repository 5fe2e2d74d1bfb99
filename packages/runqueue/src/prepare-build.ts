import type { Tid } from "@depid/hash";
import type { Signatures } from "@depid/siggen";
import type { StampHash } from "@depid/sstate";
import type { BuildPlan } from "./plan.ts";
import type { BuildWorld } from "./world.ts";

/** How the tasks of a build are signed. */
export interface BuildSigning {
  /** Empty, or as an earlier build had them. */
  readonly signatures: Signatures;
  /** Taints of this builder and build. */
  readonly taints: ReadonlyMap<Tid, string>;
  /** Tasks whose rows changed since the signatures were made: these and their cones are hashed. Absent: all tasks are. */
  readonly changed?: Iterable<Tid>;
  /** With `changed`: the generator may have other depids than before, and is asked for them all again. */
  readonly asksAgain?: boolean;
}

/** What a build needs to adopt answers: the generator's memory, and where remaps are declared. */
export type AdoptingPorts = Pick<BuildWorld, "cache" | "equivalences">;

/** What of a build's world follows from how its tasks are signed. */
export type PreparedBuild = Pick<BuildWorld, "hashesOf" | "stampHash" | "answers" | "generator" | "taints"> &
  AdoptingPorts;

/**
 * Hashes the tasks of a build that is about to begin, and gives the part of its world that follows from it (runqueue.md section 3).
 *
 * @param adopting if answers are to be adopted, with a rehash of what stands above. Generators whose stamps do not bear the depid cannot adopt
 *   one: then answers are logged only
 */
export async function prepareBuild(
  plan: Pick<BuildPlan, "tids" | "setsceneTids">,
  signing: BuildSigning,
  adopting?: AdoptingPorts,
): Promise<PreparedBuild> {
  const { signatures, taints, changed, asksAgain } = signing;
  const inputs = { setscene: plan.setsceneTids, taints };
  if (changed === undefined) await signatures.computeAll(inputs);
  else await signatures.update([...changed, ...taints.keys()], inputs, asksAgain);
  const { generator } = signatures;
  const hashes = signedBy(plan, signatures, generator.stampHash);
  if (adopting === undefined || generator.stampHash !== "depid") return hashes;
  return { ...hashes, ...adopting, answers: "adopt", generator, taints };
}

/** The part of a build's world that says how its tasks are signed; `signatures` are of the present capture. */
export function signedBy(
  { tids }: Pick<BuildPlan, "tids">,
  signatures: Signatures,
  stampHash: StampHash,
): Pick<BuildWorld, "hashesOf" | "stampHash"> {
  const signatureOf = signatures.inOrderOf(tids);
  return { hashesOf: (_tid, place) => signatureOf(place), stampHash };
}
