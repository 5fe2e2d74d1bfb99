import { type DepId, depIdOf, type TaskHash } from "@depid/hash";
import { simulateBuild, type TaskHashes } from "@depid/runqueue";
import { computeSignatures, type SignatureGenerator } from "@depid/siggen";
import { type BuildOutcome, outcomeOfSimulated } from "../measure/build-outcome.ts";
import type { Reporter } from "../policies/policy.ts";
import type { BuildDirectory } from "./build-directory.ts";
import { runDirectly } from "./direct-run.ts";
import { HeldContents } from "./held-contents.ts";
import { ObjectCache, type ObjectSource } from "./object-cache.ts";
import { nameOfObject } from "./object-name.ts";
import { ObjectNames } from "./object-names.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";

/** What a build that reports began with, for building the same again. Good until the next build of its policy. */
export interface BuildStart {
  readonly directory: BuildDirectory;
  readonly cache: ObjectSource;
  readonly generator: SignatureGenerator;
  readonly reporter: Reporter;
  /** The server as it is now, and the taskhashes that it did not know then. */
  readonly knowledge: ServerKnowledge;
  readonly news: ReadonlySet<TaskHash>;
  /** Whether a report was answered with another depid than it had. */
  readonly isAnyNews: boolean;
}

/**
 * Builds again what was built, from the same start, but so that each task waits until all depids below it are final: none is executed that a
 * later answer would have spared. Leaves no trace.
 *
 * @returns `undefined` if no answer was news: then the build itself was patient
 */
export async function buildPatiently(
  start: BuildStart,
  inputs: StepInputs,
  options: RunOptions,
): Promise<BuildOutcome | undefined> {
  if (!start.isAnyNews) return undefined;
  const { directory, generator, knowledge, news } = start;
  const { plan, taints, depValid } = inputs;
  const signatures = await computeSignatures(options.graph, finalDepIds(start, inputs, options), { taints });
  const hashes = plan.tids.map((tid) => {
    const signature = signatures.get(tid);
    return { taskhash: signature.taskhash, depid: knowledge.depIdBefore(signature, news) };
  });
  const hashesOf = (task: number): TaskHashes => hashes[task] as TaskHashes;
  const { stampHash } = generator;
  const { numbering } = options;
  const cache = new ObjectCache(start.cache);
  const sheet = options.builder === "fresh" ? undefined : directory.sheet(numbering);
  const reuse = { cache, names: new ObjectNames(), held: new HeldContents(options.contents) };
  const run = { inputs, options, hashesOf, stampHash, directory: sheet, numbering, reuse, adopts: false };
  if (sheet !== undefined || options.builder === "fresh") {
    const direct = runDirectly(run);
    if (direct !== undefined) return direct;
  }
  const simulated = await simulateBuild(plan, directory.builder, {
    hashesOf: (_tid, task) => hashesOf(task),
    stampHash,
    objectName: nameOfObject,
    store: new ObjectCache(start.cache).asStore(),
    ...timingOf(options, plan),
    depValid,
  });
  return outcomeOfSimulated(simulated);
}

/** The generator, with the depids that tasks have once the build is over and each has reported what a clean build makes. */
function finalDepIds(
  { generator, reporter, knowledge }: BuildStart,
  { plan, extra }: StepInputs,
  { contents }: RunOptions,
): SignatureGenerator {
  const final: DepId[] = [];
  return {
    ...generator,
    depids: (tasks) =>
      tasks.map((request) => {
        const { task, taskhash } = request;
        const index = plan.indices.get(task.tid) as number;
        const context = {
          extra: extra?.of(index, (other) => final[other] as DepId) ?? "",
          ...(contents.namesItself(task) ? { names: depIdOf(taskhash) } : {}),
        };
        const outhash = reporter.outHashOf(task, contents.truthOf(task.tid), context);
        const depid = knowledge.depIdAfter(request, outhash);
        final[index] = depid;
        return depid;
      }),
  };
}
