import type { DepId, Tid } from "@depid/hash";
import { goesDirectly, type StampNumbering, type StampSheet, type TaskHashes } from "@depid/runqueue";
import type { StampHash } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import { type BuildOutcome, outcomeOfDirect } from "../measure/build-outcome.ts";
import type { Content } from "../truth/content.ts";
import type { HeldContents } from "./held-contents.ts";
import type { ObjectCache } from "./object-cache.ts";
import type { Reports } from "./reports.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import type { SignatureNotes } from "./signature-notes.ts";

/** A build of a policy that is to go directly. */
export interface DirectRun {
  readonly inputs: StepInputs;
  readonly options: RunOptions;
  /** By place in the plan. */
  readonly hashesOf: (task: number) => TaskHashes;
  readonly stampHash: StampHash;
  /** The build directory; is changed. `undefined`: a new one, which is not kept. */
  readonly directory: StampSheet | undefined;
  readonly numbering: StampNumbering;
  /** Of the signatures that the hashes are of. */
  readonly notes: SignatureNotes;
  /** What is reused; absent where nothing is. */
  readonly reuse?: { readonly cache: ObjectCache<Content>; readonly held: HeldContents };
  /** Absent: nobody reports. */
  readonly reports?: Reports | undefined;
  /** Whether an answer with another depid changes the mind of the running build. */
  readonly adopts: boolean;
}

/**
 * Builds directly, and puts what was made into the cache.
 *
 * @param onNew told of numbers of objects that are new
 * @returns `undefined` where the build is none that goes directly: then nothing was put into the cache, but directory, contents and reports are not to be
 *   used any more
 */
export function runDirectly(run: DirectRun, onNew?: (number: number) => void): BuildOutcome | undefined {
  const { inputs, options, hashesOf, stampHash, reuse, reports, adopts, directory, numbering } = run;
  const { plan, depValid } = inputs;
  if (options.stepwise === true || !goesDirectly(plan)) return undefined;
  const twins = run.notes.twins.look(plan, hashesOf);
  if (twins.areDeferred) return undefined;
  const slots = options.contents.slotsOf(plan.tids);
  const { durationOf, workers } = timingOf(options, plan);
  const depIdOf = (task: number): DepId => hashesOf(task).depid;
  const objectOf = (task: number): number =>
    run.notes.names.numberOf(slots[task] as number, plan.tasks[task] as Task, hashesOf(task));
  /** Whether a task tells the server of its output. */
  const isReported = (task: number): boolean =>
    plan.tasks[task]?.setscene === true && (plan.setsceneCount === 0 || plan.setscene[task] === 1);
  const made: { readonly task: number; readonly content: Content }[] = [];
  const direct = options.memo.build(plan, {
    workers,
    durations: options.seconds?.of(plan),
    depValid,
    directory,
    numbering,
    stampHashOf: stampHash === "none" ? () => "" : (task) => hashesOf(task)[stampHash],
    ...(durationOf === undefined
      ? {}
      : { durationOf: (task, variant) => durationOf(plan.tasks[task] as Task, variant, task) }),
    ...(reports === undefined ? {} : { onStart: (task) => reports.start(task, depIdOf) }),
    ...(reuse === undefined
      ? {}
      : {
          hasObject: (task) => reuse.cache.get(objectOf(task)) !== undefined,
          onRestored: (task) => reuse.held.restore(slots[task] as number, reuse.cache.use(objectOf(task)) as Content),
        }),
    onExecuted: (task) => {
      const content = reuse?.held.make(slots[task] as number, inputs.runs);
      const row = plan.tasks[task] as Task;
      if (content !== undefined && row.setscene) made.push({ task, content });
      if (reports === undefined || !isReported(task)) return true;
      const hashes = hashesOf(task);
      return reports.report(task, row, hashes) === hashes.depid || !adopts;
    },
  });
  if (direct === undefined) return undefined;
  const unsound: BuildOutcome["unsound"][number][] = [];
  const tidOf = (task: number): Tid => plan.tids[task] as Tid;
  if (stampHash === "depid")
    for (const task of twins.findSharing()) unsound.push({ tid: tidOf(task), why: "taskhash-shared" });
  for (const { task, content } of made) {
    const object = objectOf(task);
    if (reuse?.cache.holds(object) !== true) onNew?.(object);
    if (reuse?.cache.put(object, content) !== content) unsound.push({ tid: tidOf(task), why: "other-output" });
  }
  return outcomeOfDirect(direct, unsound);
}
