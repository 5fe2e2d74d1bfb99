import type { Tid } from "@depid/hash";
import type { Signatures } from "@depid/siggen";
import type { BuildPlan } from "./plan.ts";
import type { BuildWorld } from "./world.ts";

/** How the tasks of a build are signed. */
export interface BuildSigning {
  /** Empty, or as an earlier build of the same builder had them. */
  readonly signatures: Signatures;
  /** Taints of this builder and build. */
  readonly taints: ReadonlyMap<Tid, string>;
  /** Tasks whose rows changed since the signatures were made: these and their cones are hashed. Absent: all tasks are. */
  readonly changed?: Iterable<Tid>;
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
  { tids, setscene: flags }: Pick<BuildPlan, "tids" | "setscene">,
  { signatures, taints, changed }: BuildSigning,
  adopting?: AdoptingPorts,
): Promise<PreparedBuild> {
  const setscene = new Set(tids.filter((_, i) => flags[i] === 1));
  if (changed === undefined) await signatures.computeAll({ setscene, taints });
  else await signatures.update([...changed, ...taints.keys()], { setscene, taints });
  const { generator } = signatures;
  const { stampHash } = generator;
  const hashes = { hashesOf: (tid: Tid) => signatures.get(tid), stampHash };
  if (adopting === undefined || stampHash !== "depid") return hashes;
  return { ...hashes, ...adopting, answers: "adopt", generator, taints };
}
