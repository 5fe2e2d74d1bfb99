import { type DepId, depIdOf } from "@depid/hash";
import { nostampTaints } from "@depid/replay";
import {
  computeSignatures,
  digestTaskHashes,
  type Signature,
  type SignatureGenerator,
  taskHashOf,
} from "@depid/siggen";
import { type CapturedTask, type Task, TaskGraph } from "@depid/task-graph";
import type { Run, RunBuild } from "./run.ts";

/** The hashes of all tasks when a build began, and what they were made of. */
export interface BuildHashes {
  /** The graph in the state that was built. */
  readonly graph: TaskGraph;
  /** @returns `undefined` if the state has no such task */
  of(tid: string): Signature | undefined;
  /** The state with its hashes, as `@depid/compare` takes it. */
  captured(): readonly CapturedTask[];
}

/**
 * Computes the hashes that tasks had when a build began, by BitBake's rule from the inputs in the history and the depids that the run has.
 *
 * @returns `undefined` where they do not come out as they were: the policy hashes by another rule, and what it hashed is not recorded
 */
export async function hashesOf(run: Run, build: RunBuild): Promise<BuildHashes | undefined> {
  const graph = graphAt(run, build.step);
  const generator: SignatureGenerator = {
    name: "recorded",
    stampHash: "none",
    taskhash: taskHashOf,
    depids: (tasks) =>
      tasks.map(({ task, taskhash }) => {
        const number = run.numberOf(task.tid);
        return ((number !== undefined && build.depidOf(number)) || depIdOf(taskhash)) as DepId;
      }),
  };
  const nostamp = graph.tids.flatMap((tid, place) => (graph.get(tid).nostamp ? [place] : []));
  const isFirst = build.builder === run.builders[0];
  const { seed } = run.replay.setting;
  const taints = nostampTaints({ nostamp, tids: graph.tids }, build, seed, isFirst ? undefined : build.builder);
  const signatures = await computeSignatures(graph, generator, { taints });
  if (digestTaskHashes(graph, signatures) !== build.taskhashes) return undefined;
  return {
    graph,
    of: (tid) => signatures.find(tid as Task["tid"]),
    captured: () =>
      graph.tids.map((tid) => {
        const { task, taskhash, depid, depids, taint } = signatures.get(tid);
        return { ...task, taint, taskhash, depid, hashedDepids: depids, variables: task.variables };
      }),
  };
}

/** The graph in the state of a step. */
function graphAt({ history }: Run, step: number): TaskGraph {
  const graph = new TaskGraph([]);
  for (const it of history.steps) if (it.step <= step) graph.apply(it.change);
  return graph;
}
