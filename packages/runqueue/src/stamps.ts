import { neighboursOf } from "./adjacency.ts";
import { type BuilderState, formatStampFile, type StampFile, type StampSet, type StampTime } from "./builder.ts";
import type { BuildState } from "./state.ts";

/** When a task's stamp for its present hash was made, in seconds; `undefined` if there is none. */
export function findStamp(state: BuildState, task: number): number | undefined {
  return findSeconds(state.stamps[state.plan.realStamp[task] as number], state, task);
}

/** The same for the stamp which says that it was restored. */
export function findSetsceneStamp(state: BuildState, task: number): number | undefined {
  return findSeconds(state.stamps[state.plan.setsceneStamp[task] as number], state, task);
}

/** Stamps a task, which takes away all its other stamps, those of its setscene variant too. nostamp tasks make none. */
export function makeStamp(state: BuildState, task: number): void {
  if (state.plan.tasks[task]?.nostamp) return;
  state.stamps[state.plan.setsceneStamp[task] as number] = undefined;
  state.stamps[state.plan.realStamp[task] as number] = stampedNow(state, task);
}

/** Stamps the setscene variant of a task, which takes away that variant's other stamps only. */
export function makeSetsceneStamp(state: BuildState, task: number): void {
  state.stamps[state.plan.setsceneStamp[task] as number] = stampedNow(state, task);
}

/** What the sstate class does before an sstate task runs, in either variant: its output and its stamps are removed. */
export function cleanBeforeRun(state: BuildState, task: number): void {
  if (!state.sstateClass || !state.plan.tasks[task]?.setscene) return;
  state.manifests.delete(state.plan.manifestKeys[task] as string);
  state.stamps[state.plan.realStamp[task] as number] = undefined;
  state.stamps[state.plan.setsceneStamp[task] as number] = undefined;
}

/** What the sstate class does after an sstate task ran, in either variant: it keeps a manifest of what it installed. */
export function keepManifest(state: BuildState, task: number): void {
  if (state.sstateClass && state.plan.tasks[task]?.setscene) {
    state.manifests.add(state.plan.manifestKeys[task] as string);
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
    if (plan.setscene[task] === 0 || !state.manifests.has(plan.manifestKeys[task] as string)) continue;
    const stale = [plan.realStamp[task] as number, plan.setsceneStamp[task] as number].flatMap((file) =>
      keepOnly(state, file, stampHashOf(state, task)),
    );
    if (stale.length === 0) continue;
    removed[plan.config[task] as number]?.stamps.push(...stale);
    state.manifests.delete(plan.manifestKeys[task] as string);
  }
  return removed.filter(({ stamps }) => stamps.length > 0);
}

/**
 * Whether a real task need not run as its stamp is there and not older than those of the dependencies in its own recipe
 * (runqueue.md section 5). nostamp tasks never are.
 */
export function isCurrent(state: BuildState, task: number): boolean {
  const made = madeWhen(state, task);
  if (made === undefined) return false;
  for (const dependency of neighboursOf(state.plan.dependencies, task)) {
    if (isOutdatedBy(state, task, made, dependency)) return false;
  }
  return true;
}

/**
 * The recursive variant: in addition, each dependency in the recipe that was not restored must be current itself. What
 * is found of the task and of all below is remembered for the build; the task itself is looked at anew each time.
 */
export function isCurrentToTheBottom(state: BuildState, top: number): boolean {
  const { dependencies } = state.plan;
  const frames = [openFrame(state, top)];
  let answer = false;
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    const { task, made, end } = frame;
    if (made === undefined || frame.next === end) {
      answer = made !== undefined;
      if (answer) state.currentMemo[task] = 1;
    } else {
      const dependency = dependencies.list[frame.next] as number;
      const known = state.currentMemo[dependency] as number;
      if (!countsFor(state, task, dependency) || (known === 1 && !isOutdatedBy(state, task, made, dependency))) {
        frame.next += 1;
        continue;
      }
      if (known === 0 && !isOutdatedBy(state, task, made, dependency)) {
        frames.push(openFrame(state, dependency));
        continue;
      }
      answer = false;
      state.currentMemo[task] = 2;
    }
    frames.pop();
    // Below the top, "there is no stamp" is remembered as well.
    if (frames.length > 0) state.currentMemo[task] = answer ? 1 : 2;
  }
  return answer;
}

/** The build directory as the build leaves it. */
export function leaveBuilder(state: BuildState): BuilderState {
  const { builder, plan } = state;
  const stamps = new Map<string, StampSet>(builder.stamps);
  plan.stampKeys.forEach((key, file) => {
    const made = state.stamps[file];
    if (made === builder.stamps.get(key)?.made) return;
    if (made === undefined) stamps.delete(key);
    else stamps.set(key, { ...(plan.stampFiles[file] as StampFile), made });
  });
  return { ...builder, clock: clockOf(state), stamps, manifests: state.manifests };
}

/** The next build begins a whole second later, so that its stamps are newer. */
function clockOf({ builder, now }: BuildState): number {
  return (Math.floor((builder.clock + now) / 1000) + 1) * 1000;
}

/** The hash that a task's stamps are named by; "" with Basic. */
function stampHashOf(state: BuildState, task: number): string {
  const { stampHash } = state.rules;
  return stampHash === "none" ? "" : (state[stampHash][task] as string);
}

function stampedNow(state: BuildState, task: number): readonly StampTime[] {
  return [{ hash: stampHashOf(state, task), seconds: Math.floor((state.builder.clock + state.now) / 1000) }];
}

function findSeconds(made: readonly StampTime[] | undefined, state: BuildState, task: number): number | undefined {
  if (made === undefined) return undefined;
  const wanted = stampHashOf(state, task);
  for (const { hash, seconds } of made) if (hash === wanted) return seconds;
  return undefined;
}

function keepOnly(state: BuildState, file: number, hash: string): string[] {
  const made = state.stamps[file] ?? [];
  const stale = made.filter((stamp) => stamp.hash !== hash);
  if (stale.length === 0) return [];
  state.stamps[file] = stale.length === made.length ? undefined : made.filter((stamp) => stamp.hash === hash);
  return stale.map((stamp) => formatStampFile(state.plan.stampFiles[file] as StampFile, stamp.hash));
}

function madeWhen(state: BuildState, task: number): number | undefined {
  return state.plan.tasks[task]?.nostamp ? undefined : findStamp(state, task);
}

/** Whether a dependency counts at all: it is in the same recipe file, and was not restored later than it ran. */
function countsFor(state: BuildState, task: number, dependency: number): boolean {
  if (state.plan.recipe[task] !== state.plan.recipe[dependency]) return false;
  const restored = findSetsceneStamp(state, dependency);
  return restored === undefined || !(restored > (findStamp(state, dependency) ?? 0));
}

function isOutdatedBy(state: BuildState, task: number, made: number, dependency: number): boolean {
  if (!countsFor(state, task, dependency)) return false;
  const below = findStamp(state, dependency);
  return below === undefined || made < below;
}

/** A task under examination: when its stamp was made, and which of its dependencies come next. */
interface Frame {
  readonly task: number;
  readonly made: number | undefined;
  readonly end: number;
  next: number;
}

function openFrame(state: BuildState, task: number): Frame {
  const { start } = state.plan.dependencies;
  return { task, made: madeWhen(state, task), next: start[task] as number, end: start[task + 1] as number };
}
