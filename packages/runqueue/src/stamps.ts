import type { DepId, TaskHash } from "@depid/hash";
import type { StampVariant } from "@depid/sstate";
import { type BuilderState, formatStampFile, type StampFile, type StampSet, type StampTime } from "./builder.ts";
import { StepError } from "./errors.ts";
import { removeAllVersions, removeOtherVersions } from "./stamp-versions.ts";
import type { RunningTask } from "./state/stamp-state.ts";
import type { BuildState } from "./state/state.ts";
import { reveal } from "./unseen.ts";

/** When a task's stamp for its present hash was made, in seconds; `undefined` if there is none. */
export function findStamp(state: BuildState, task: number): number | undefined {
  return findSeconds(state.stamps.made[state.stamps.numbers.realStamp[task] as number], state, task);
}

/** The same for the stamp which says that it was restored. */
export function findSetsceneStamp(state: BuildState, task: number): number | undefined {
  return findSeconds(state.stamps.made[state.stamps.numbers.setsceneStamp[task] as number], state, task);
}

/** Stamps a task, which takes away all its other stamps, those of its setscene variant too. nostamp tasks make none. */
export function makeStamp(state: BuildState, task: number, hash = stampHashOf(state, task)): void {
  if (state.plan.tasks[task]?.nostamp) return;
  if (state.plan.release.stampsCleaned === "all-tasks") removeAllVersions(state, task);
  state.stamps.made[state.stamps.numbers.setsceneStamp[task] as number] = undefined;
  state.stamps.made[state.stamps.numbers.realStamp[task] as number] = stampedNow(state, hash);
}

/** Stamps the setscene variant of a task, which takes away that variant's other stamps only. */
export function makeSetsceneStamp(state: BuildState, task: number, hash = stampHashOf(state, task)): void {
  if (state.plan.release.stampsCleaned === "all-tasks") removeAllVersions(state, task, "setscene");
  state.stamps.made[state.stamps.numbers.setsceneStamp[task] as number] = stampedNow(state, hash);
}

/**
 * What the sstate class does before an sstate task runs, in either variant: its output is removed, and the stamps of all versions of
 * its recipe.
 */
export function cleanBeforeRun(state: BuildState, task: number): void {
  if (!state.sstateClass || !state.plan.tasks[task]?.setscene) return;
  state.stamps.manifests.delete(state.stamps.numbers.manifestKeys[task] as string);
  removeAllVersions(state, task);
}

/** What the sstate class does after an sstate task ran, in either variant: it keeps a manifest of what it installed. */
export function keepManifest(state: BuildState, task: number): void {
  if (state.sstateClass && state.plan.tasks[task]?.setscene) {
    state.stamps.manifests.add(state.stamps.numbers.manifestKeys[task] as string);
  }
}

/**
 * OE-Core's handler of the event that lists stamps of other hashes: where there is a manifest, the files are uninstalled
 * and those stamps removed (runqueue.md section 6, end).
 *
 * @returns names of the removed stamps, by configuration in sorted order; those without any are left out
 */
export function removeStaleStamps(
  state: BuildState,
): readonly { readonly config: string; readonly stamps: string[] }[] {
  const { plan } = state;
  const removed = plan.configs.map((config) => ({ config, stamps: [] as string[] }));
  if (!state.sstateClass) return [];
  for (let task = 0; task < plan.size; task++) {
    if (plan.setscene[task] === 0 || !state.stamps.manifests.has(state.stamps.numbers.manifestKeys[task] as string))
      continue;
    const stale = [
      state.stamps.numbers.realStamp[task] as number,
      state.stamps.numbers.setsceneStamp[task] as number,
    ].flatMap((file) => keepOnly(state, file, stampHashOf(state, task)));
    // Its mask is that of cleaning.
    if (plan.release.stampsCleaned === "all-tasks") stale.push(...removeOtherVersions(state, task));
    if (stale.length === 0) continue;
    removed[plan.config[task] as number]?.stamps.push(...stale);
    state.stamps.manifests.delete(state.stamps.numbers.manifestKeys[task] as string);
  }
  return removed.filter(({ stamps }) => stamps.length > 0);
}

/** Whether a running real task makes the same stamp: then this one does not start, in either variant. */
export function isStampInUse(state: BuildState, task: number): boolean {
  if (state.stamps.inUse.size === 0 || state.stamps.numbers.sharesStampBase[task] === 0) return false;
  reveal(state, task);
  return state.stamps.inUse.has(stampUseOf(state, task));
}

/** Takes note that a task runs, in either variant, and of what it goes by as long as it does. */
export function noteRunning(state: BuildState, task: number, variant: StampVariant): void {
  const stampUse =
    variant === "real" && state.stamps.numbers.sharesStampBase[task] === 1 ? stampUseOf(state, task) : undefined;
  if (stampUse !== undefined) state.stamps.inUse.add(stampUse);
  state.stamps.running[task] = {
    taskhash: state.hashes.taskhash[task] as TaskHash,
    depid: state.hashes.depid[task] as DepId,
    stampHash: stampHashOf(state, task),
    stampUse,
  };
}

/** Takes note that it does not run any more. @returns what it went by */
export function noteEnded(state: BuildState, task: number): RunningTask {
  const running = state.stamps.running[task];
  if (running === undefined) throw new StepError(`finished: task ${task} is not running`);
  state.stamps.running[task] = undefined;
  if (running.stampUse !== undefined) state.stamps.inUse.delete(running.stampUse);
  return running;
}

/** The build directory as the build leaves it. */
export function leaveBuilder(state: BuildState): BuilderState {
  const { builder } = state;
  const stamps = new Map<string, StampSet>(builder.stamps);
  for (const key of state.stamps.removed) stamps.delete(key);
  state.stamps.numbers.stampKeys.forEach((key, file) => {
    const made = state.stamps.made[file];
    if (made === builder.stamps.get(key)?.made) return;
    if (made === undefined) stamps.delete(key);
    else stamps.set(key, { ...(state.stamps.numbers.stampFiles[file] as StampFile), made });
  });
  return { ...builder, clock: clockOf(state), stamps, manifests: state.stamps.manifests };
}

/** The next build begins a whole second later, so that its stamps are newer. */
function clockOf({ builder, now }: BuildState): number {
  return (Math.floor((builder.clock + now) / 1000) + 1) * 1000;
}

/** The hash that a task's stamps are named by; "" with Basic. */
function stampHashOf(state: BuildState, task: number): string {
  const { stampHash } = state.rules;
  return stampHash === "none" ? "" : (state.hashes.generated[stampHash][task] as string);
}

function stampUseOf(state: BuildState, task: number): string {
  return `${state.stamps.numbers.stampBase[task]} ${stampHashOf(state, task)}`;
}

function stampedNow(state: BuildState, hash: string): readonly StampTime[] {
  return [{ hash, seconds: Math.floor((state.builder.clock + state.now) / 1000) }];
}

function findSeconds(made: readonly StampTime[] | undefined, state: BuildState, task: number): number | undefined {
  if (made === undefined) return undefined;
  const wanted = stampHashOf(state, task);
  for (const { hash, seconds } of made) if (hash === wanted) return seconds;
  return undefined;
}

function keepOnly(state: BuildState, file: number, hash: string): string[] {
  const made = state.stamps.made[file] ?? [];
  const stale = made.filter((stamp) => stamp.hash !== hash);
  if (stale.length === 0) return [];
  state.stamps.made[file] = stale.length === made.length ? undefined : made.filter((stamp) => stamp.hash === hash);
  return stale.map((stamp) => formatStampFile(state.stamps.numbers.stampFiles[file] as StampFile, stamp.hash));
}
