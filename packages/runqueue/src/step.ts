import type { DepId, TaskHash } from "@depid/hash";
import type { StampVariant } from "@depid/sstate";
import { undeferOne } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import { StepError } from "./errors.ts";
import type { EndState } from "./event.ts";
import { endMigrations, migrate, wakeMigrations } from "./migrate.ts";
import { endRun, failTask, finishTask, offerRealTask } from "./real-task.ts";
import { applyDeclared, applyLookUp, beginRehash, noteAnswer } from "./rehash.ts";
import type { Rehash } from "./rehash-state.ts";
import { applyCheck, lookAtSetsceneTasks, releaseDeferred } from "./setscene-check.ts";
import { applyTurnCheck, beginSetscene, endSetscene, finishSetscene, offerSetsceneTask } from "./setscene-task.ts";
import { removeStaleStamps } from "./stamps.ts";
import { type BuildState, hasFreeWorker } from "./state/state.ts";
import { revealAll } from "./unseen.ts";
import { leaveAllVain } from "./vain.ts";

/** What happens to a build. `at` is milliseconds since it began, never less than before. */
export type BuildInput =
  /** First of all. */
  | { readonly type: "begin"; readonly at: number }
  /** Answers the effect `check`: for each task asked for, whether there is an object. */
  | { readonly type: "checked"; readonly at: number; readonly found: readonly boolean[] }
  /** Answers the effect `look-up`. */
  | { readonly type: "looked-up"; readonly at: number; readonly depids: readonly DepId[] }
  /** Answers the effect `declare`: the depids which the server has now. */
  | { readonly type: "declared"; readonly at: number; readonly depids: readonly DepId[] }
  /** A task which the effect `start` started is done. */
  | {
      readonly type: "finished";
      readonly at: number;
      readonly task: number;
      readonly variant: StampVariant;
      readonly ok: boolean;
      /** What its report was answered, if it is not what was sent and the answer is adopted. */
      readonly depid?: DepId;
    }
  /** Everything that happened up to now was told: go on. */
  | { readonly type: "decide"; readonly at: number };

/**
 * The next step of a build: changes the state, which it owns, and says what is to be done. Nothing else is read or
 * changed, so that the same inputs always lead the same way. Decisions go to `state.log`.
 *
 * @throws {StepError} when the input cannot follow on what came before
 */
export function step(state: BuildState, input: BuildInput): readonly BuildEffect[] {
  state.now = input.at;
  const effects = takeStep(state, input);
  const { learnt } = state.hashes;
  if (learnt.length === 0) return effects;
  state.hashes.learnt = [];
  return [...learnt, ...effects];
}

function takeStep(state: BuildState, input: BuildInput): readonly BuildEffect[] {
  switch (input.type) {
    case "begin":
      return begin(state);
    case "checked":
      return check(state, input.found);
    case "looked-up":
      return applyLookUp(state, expectRehash(state, input.type, input.depids.length), input.depids);
    case "declared":
      return applyDeclared(state, expectRehash(state, input.type, input.depids.length), input.depids);
    case "finished":
      return input.variant === "setscene" ? finishedSetscene(state, input) : finishedReal(state, input);
    case "decide":
      return decideAll(state);
    default:
      return unreachable(input);
  }
}

function begin(state: BuildState): readonly BuildEffect[] {
  if (state.phase !== "new") throw new StepError("begin: the build has begun");
  const { plan, workers } = state;
  state.phase = "running";
  state.log.push({ type: "planned", at: state.now, tasks: plan.size, setscene: plan.setsceneCount, workers });
  const setscene = beginSetscene(state);
  logSharedTaskHashes(state, setscene);
  return lookAtSetsceneTasks(state, setscene, "first");
}

function check(state: BuildState, found: readonly boolean[]): readonly BuildEffect[] {
  const pending = state.setscene.pendingCheck;
  if (pending === undefined || pending.asked.length !== found.length) {
    throw new StepError(`checked: expected ${pending?.asked.length ?? "no"} answers, got ${found.length}`);
  }
  applyCheck(state, pending, found);
  if (pending.why === "migration") endMigrations(state);
  if (pending.why === "turn") applyTurnCheck(state, pending.tasks[0] as number, found[0] === true);
  if (pending.why !== "first") return [];
  for (const stale of removeStaleStamps(state)) state.log.push({ type: "stale-removed", at: state.now, ...stale });
  return [];
}

function finishedSetscene(state: BuildState, input: BuildInput & { readonly type: "finished" }) {
  finishSetscene(state, input.task, input.ok);
  return [];
}

function finishedReal(state: BuildState, input: BuildInput & { readonly type: "finished" }): readonly BuildEffect[] {
  const { task, ok, depid } = input;
  const { stampHash } = endRun(state, task);
  wakeMigrations(state, task);
  if (!ok) {
    failTask(state, task, "task-failed");
    return [];
  }
  if (depid !== undefined) noteAnswer(state, { task, depid });
  finishTask(state, task, depid !== undefined && state.rules.stampHash === "depid" ? depid : stampHash);
  return releaseDeferred(state, task);
}

function expectRehash({ hashes: { rehash } }: BuildState, type: string, answers: number): Rehash {
  const expected = type === "declared" ? rehash?.remaps.length : rehash?.asked;
  if (rehash === undefined || expected !== answers) {
    throw new StepError(`${type}: expected ${expected ?? "no"} answers, got ${answers}`);
  }
  return rehash;
}

/** Decides one thing after the other, as long as workers are free; setscene tasks are offered a worker first. */
function decideAll(state: BuildState): readonly BuildEffect[] {
  if (isWaiting(state)) throw new StepError("decide: a question is not answered");
  const effects: BuildEffect[] = [];
  while (state.phase === "running") {
    if (state.hashes.updates.length > 0) effects.push(...beginRehash(state));
    else if (state.migration.due.size > 0) effects.push(...migrate(state, [], []));
    if (isWaiting(state)) return effects;
    if (hasStopped(state)) break;
    const offered = !state.setscene.done && hasFreeWorker(state) ? offerSetsceneTask(state, effects) : "nothing";
    if (offered === "check") return effects;
    if (offered === "again") continue;
    if (endSetscene(state) && state.rules.setsceneOnly === true) return end(state, effects, "COMPLETE");
    const real = state.rules.setsceneOnly === true ? "nothing" : offerRealTask(state, effects);
    if (real === "check") return effects;
    if (real === "crash") return end(state, effects, "CRASHED");
    if (real === "again") continue;
    if (state.real.active > 0 || state.setscene.active > 0) return effects;
    if (state.phase !== "running" || undeferOne(state)) continue;
    const isComplete = state.real.completed === state.plan.size;
    return end(state, effects, hasFailed(state) || !isComplete ? "FAILED" : "COMPLETE");
  }
  const isOver = state.phase === "stopping" && state.real.active <= 0 && state.setscene.active === 0;
  return isOver ? end(state, effects, hasFailed(state) ? "FAILED" : "COMPLETE") : effects;
}

/** Whether a question is to be answered before anything else. */
function isWaiting({ setscene, hashes }: BuildState): boolean {
  return setscene.pendingCheck !== undefined || hashes.rehash !== undefined;
}

function hasStopped({ phase }: BuildState): boolean {
  return phase !== "running";
}

function hasFailed({ real, migration }: BuildState): boolean {
  return real.failed > 0 || migration.isImpossible;
}

/** The server's key is the taskhash: where tasks of two recipes share one, it cannot tell their outputs apart. */
function logSharedTaskHashes(state: BuildState, setscene: readonly number[]): void {
  if (state.rules.stampHash !== "depid") return;
  const recipes = new Map<string, string>();
  for (const task of setscene) {
    const { pn = "", tid } = state.plan.tasks[task] ?? {};
    const taskhash = state.hashes.taskhash[task] as TaskHash;
    const other = recipes.get(taskhash);
    if (other === undefined) recipes.set(taskhash, pn);
    else if (other !== pn && tid) state.log.push({ type: "unsound", at: state.now, tid, why: "taskhash-shared" });
  }
}

function end(state: BuildState, effects: BuildEffect[], endState: EndState): readonly BuildEffect[] {
  leaveAllVain(state);
  revealAll(state);
  state.phase = "ended";
  state.endState = endState;
  state.log.push({ type: "ended", at: state.now, state: endState });
  effects.push({ type: "end", state: endState });
  return effects;
}

function unreachable(value: never): never {
  throw new StepError(`unknown input ${JSON.stringify(value)}`);
}
