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
import { followHistory, type ReplayStep } from "./steps.ts";
import { Contents } from "./truth/truth.ts";

/**
 * Builds every step of a history under every policy and measures against the clairvoyant, which is replayed with them.
 * The same input gives the same result on any machine.
 *
 * @throws {ReplayError} when an outcome names a commit that no step has
 */
export async function replayHistory(history: History, options: ReplayOptions): Promise<ReplayResult> {
  const { policies, neededIn, onBuild, onProgress, signal } = options;
  const graph = new TaskGraph([]);
  const contents = new Contents(graph, options.outcomes, options.unique, options.unseenDeps);
  const objects = new ObjectNumbers();
  const book = new SignatureBook(graph, objects);
  const numbering = new StampNumbering();
  const seconds = options.secondsOf && new SecondsTable(options.secondsOf);
  const shared = { graph, contents, seconds, book, numbering, objects, memo: new DirectMemo() };
  const begin = (policy: Policy) => new PolicyReplay(policy, { ...options, ...shared });
  const reference = begin(clairvoyant);
  const others = policies.filter((policy) => policy.name !== clairvoyant.name).map(begin);
  const steps: MeasuredStep[] = [];
  const replays = neededIn === undefined ? [reference, ...others] : others;
  const builds = history.steps.length * replays.length;
  let done = 0;
  for await (const step of followHistory(history, graph, contents, options)) {
    steps.push(step.measured);
    const needed = await findNeeded(step);
    for (const replay of others) await build(replay, step, needed);
  }
  const measured = new Map(replays.map((it) => [it.policy.name, it.measured]));
  return {
    steps,
    policies: policies.flatMap(({ name }) => measured.get(name) ?? []),
    decisions: contents.decisions,
  };

  async function findNeeded(step: ReplayStep): Promise<Fates> {
    if (neededIn === undefined) return (await build(reference, step)).fates;
    return new Fates(step.inputs.plan, await neededIn(step.step));
  }

  async function build(replay: PolicyReplay, step: ReplayStep, needed?: Fates): Promise<ReplayedBuild> {
    const { policy } = replay;
    await onProgress?.({
      step: step.step.step,
      steps: history.steps.length,
      policy: policy.name,
      done: done++,
      builds,
    });
    signal?.throwIfAborted();
    const replayed = await replay.build(step, needed);
    await onBuild?.(replayed);
    return replayed;
  }
}
