import { DirectMemo, StampNumbering } from "@depid/runqueue";
import { type History, TaskGraph } from "@depid/task-graph";
import { Fates } from "./measure/fates.ts";
import { SecondsTable } from "./measure/task-seconds.ts";
import type { ReplayedBuild, ReplayOptions } from "./options.ts";
import { clairvoyant } from "./policies/clairvoyant.ts";
import type { Policy } from "./policies/policy.ts";
import { PolicyReplay } from "./policy-replay.ts";
import type { MeasuredStep, ReplayResult } from "./result.ts";
import { ObjectNumbers } from "./run/object-numbers.ts";
import { SignatureBook } from "./run/signature-book.ts";
import { followHistory } from "./steps.ts";
import { createTaskFilter } from "./target-plan.ts";
import { singleBuilder, type Topology } from "./topology/topology.ts";
import { OwnOutputs } from "./truth/own-outputs.ts";
import { Contents } from "./truth/truth.ts";
import { countTurns, type ReplayTurn, Turns } from "./turns.ts";

/**
 * Builds every step of a history under every policy, by each builder that is due, and measures against the clairvoyant, which is replayed with them.
 * The same input gives the same result on any machine.
 *
 * @throws {ReplayError} when an outcome names a commit that no step has, a builder has nothing to build, or sizes are missing by which a cache is pruned
 */
export async function replayHistory(history: History, options: ReplayOptions): Promise<ReplayResult> {
  const { policies, neededIn, onBuild, onProgress, signal } = options;
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, options.outcomes, options.unique, options.unseenDeps);
  const objects = new ObjectNumbers();
  const book = new SignatureBook(graph, objects);
  const numbering = new StampNumbering();
  const seconds = options.secondsOf && new SecondsTable(options.secondsOf);
  const topology = options.topology ?? singleBuilder(options.builder);
  const own = ownOutputs(topology, contents, graph);
  const shared = { graph, contents, contentsOf: own, seconds, book, numbering, objects, memo: new DirectMemo() };
  const begin = (policy: Policy) =>
    new PolicyReplay(policy, { ...options, ...shared }, options.topologyOf?.(policy) ?? topology);
  const reference = begin(clairvoyant);
  const others = policies.filter((policy) => policy.name !== clairvoyant.name).map(begin);
  const steps: MeasuredStep[] = [];
  const replays = neededIn === undefined ? [reference, ...others] : others;
  const turns = new Turns(graph, topology, options.seed, own);
  const builds = countTurns(topology, history.steps) * replays.length;
  let done = 0;
  for await (const step of followHistory(history, graph, contents, options)) {
    steps.push(step.measured);
    for (const it of own.values()) it.follow();
    for (const replay of replays) replay.beginStep(step.step.step);
    for (const turn of turns.of(step)) {
      const needed = await findNeeded(turn);
      for (const replay of others) await build(replay, turn, needed);
    }
    for (const replay of replays) replay.endStep(step.step.step);
  }
  const measured = new Map(replays.map((it) => [it.policy.name, it.measuredIn(steps.length)]));
  return {
    steps,
    policies: policies.flatMap(({ name }) => measured.get(name) ?? []),
    decisions: contents.decisions,
  };

  async function findNeeded(turn: ReplayTurn): Promise<Fates> {
    if (neededIn === undefined) return (await build(reference, turn)).fates;
    return new Fates(turn.inputs.plan, await neededIn(turn.step, turn.builder.name));
  }

  async function build(replay: PolicyReplay, turn: ReplayTurn, needed?: Fates): Promise<ReplayedBuild> {
    const { policy } = replay;
    await onProgress?.({
      step: turn.step.step,
      steps: history.steps.length,
      policy: policy.name,
      done: done++,
      builds,
    });
    signal?.throwIfAborted();
    const replayed = await replay.build(turn, needed);
    await onBuild?.(replayed);
    return replayed;
  }
}

/** By name of the builder: contents of those on which tasks come out otherwise. */
function ownOutputs({ builders }: Topology, contents: Contents, graph: TaskGraph): ReadonlyMap<string, OwnOutputs> {
  return new Map(
    builders.flatMap(({ name, diverges }) =>
      diverges === undefined ? [] : [[name, new OwnOutputs(contents, graph, name, createTaskFilter(diverges))]],
    ),
  );
}
