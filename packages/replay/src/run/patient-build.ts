import { type DepId, depIdOf, type TaskHash } from "@depid/hash";
import { type BuilderState, type SimulatedBuild, simulateBuild } from "@depid/runqueue";
import { computeSignatures, type SignatureGenerator } from "@depid/siggen";
import type { SstateStore } from "@depid/sstate";
import type { Reporter } from "../policies/policy.ts";
import { nameOfObject } from "./object-name.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";

/** What a build that reports began with, for building the same again. Good until the next build of its policy. */
export interface BuildStart {
  readonly builder: BuilderState;
  /** What is put into it is gone at once. */
  readonly store: SstateStore;
  readonly generator: SignatureGenerator;
  readonly reporter: Reporter;
  /** The server as it is now, and the taskhashes that it did not know then. */
  readonly knowledge: ServerKnowledge;
  readonly news: ReadonlySet<TaskHash>;
}

/**
 * Builds again what was built, from the same start, but so that each task waits until all depids below it are final: none is executed that a
 * later answer would have spared. Leaves no trace.
 *
 * @returns `undefined` if no answer was news: then the build itself was patient
 */
export async function buildPatiently(
  { events }: Pick<SimulatedBuild, "events">,
  start: BuildStart,
  inputs: StepInputs,
  options: RunOptions,
): Promise<SimulatedBuild | undefined> {
  if (!events.some((event) => event.type === "reported" && event.answer !== event.sent)) return undefined;
  const { builder, store, generator, knowledge, news } = start;
  const { plan, taints, depValid } = inputs;
  const signatures = await computeSignatures(options.graph, finalDepIds(start, inputs, options), { taints });
  return simulateBuild(plan, builder, {
    hashesOf: (tid) => {
      const signature = signatures.get(tid);
      return { taskhash: signature.taskhash, depid: knowledge.depIdBefore(signature, news) };
    },
    stampHash: generator.stampHash,
    objectName: nameOfObject,
    store,
    ...timingOf(options, plan),
    depValid,
  });
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
