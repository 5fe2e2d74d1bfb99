import { type BuildState, COVERED, isCovered, isNotCovered, NOT_COVERED } from "./state.ts";

/**
 * Puts a setscene task on one side, and all it covers with it.
 *
 * The sets of runqueue.md section 8 are kept up to date by counting: an edge carries a mark downwards when the dependent is a
 * setscene task of that state, or a non-setscene task that itself has the mark from above. A decision costs as many
 * steps as there are edges whose mark changes.
 */
export function decide(state: BuildState, task: number, side: typeof COVERED | typeof NOT_COVERED): void {
  const before = state.decision[task] as number;
  if ((before & side) !== 0) return;
  state.decision[task] = before | side;
  spread(state, side === COVERED ? state.coveredAbove : state.notCoveredAbove, task, 1);
  if (before === 0) {
    state.undecided -= 1;
    spread(state, state.undecidedAbove, task, -1);
  }
  markProcessed(state, task);
  updateStartable(state, task);
}

/** Takes a decision back: the setscene task is neither covered nor not covered any more (runqueue.md section 9, 4). */
export function undecide(state: BuildState, task: number): void {
  const before = state.decision[task] as number;
  state.decision[task] = 0;
  if ((before & COVERED) !== 0) spread(state, state.coveredAbove, task, -1);
  if ((before & NOT_COVERED) !== 0) spread(state, state.notCoveredAbove, task, -1);
  if (before !== 0) {
    state.undecided += 1;
    spread(state, state.undecidedAbove, task, 1);
  }
  unmarkProcessed(state, task);
}

/** A task is no longer held to be processed; those below are up to the caller. */
export function unmarkProcessed(state: BuildState, task: number): void {
  if (state.processed[task] === 1) {
    state.processed[task] = 0;
    const { start, list } = state.plan.dependencies;
    for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
      const below = list[k] as number;
      state.unprocessedAbove[below] = (state.unprocessedAbove[below] as number) + 1;
    }
  }
  updateStartable(state, task);
}

/** Marks a task as processed, and each non-setscene task below all of whose dependents are. */
export function markProcessed(state: BuildState, task: number): void {
  const { plan, processed, unprocessedAbove } = state;
  const { start, list } = plan.dependencies;
  const pending = processed[task] === 0 ? [task] : [];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    processed[next] = 1;
    for (let k = start[next] as number; k < (start[next + 1] as number); k++) {
      const below = list[k] as number;
      const left = (unprocessedAbove[below] as number) - 1;
      unprocessedAbove[below] = left;
      if (left === 0 && plan.setscene[below] === 0 && processed[below] === 0) pending.push(below);
    }
    updateStartable(state, next);
  }
}

/** Takes note that it may have become possible, or impossible, to start a real task. */
export function updateStartable(state: BuildState, task: number): void {
  const rank = state.plan.rank[task] as number;
  if (mayStart(state, task)) state.startable.add(rank);
  else state.startable.delete(rank);
}

/** Takes note that it may have become, or ceased to be, the turn of a setscene task. */
export function updateTurn(state: BuildState, task: number): void {
  const place = state.plan.setscenePlace[task] as number;
  if (hasTurn(state, task)) state.setsceneTurn.add(place);
  else state.setsceneTurn.delete(place);
}

function mayStart(state: BuildState, task: number): boolean {
  if (state.incompleteBelow[task] !== 0 || state.started[task] === 1) return false;
  return !isHeldOff(state, task) && (isNotCovered(state, task) || isCovered(state, task));
}

function isHeldOff({ plan, decision, undecidedAbove }: BuildState, task: number): boolean {
  return plan.setscene[task] === 1 ? decision[task] === 0 : (undecidedAbove[task] as number) > 0;
}

function hasTurn(state: BuildState, task: number): boolean {
  if (state.ready[task] === 0 || state.setsceneStarted[task] === 1 || state.waitsForHard[task] === 1) return false;
  if (state.plan.release.hardDependencies === "users" && isHardUndecided(state, task)) return false;
  const waitsFor = state.deferred.get(task);
  return waitsFor === undefined || state.complete[waitsFor] === 1;
}

function isHardUndecided({ plan, decision }: BuildState, task: number): boolean {
  return plan.hardDependencies.get(task)?.some((dependency) => decision[dependency] === 0) ?? false;
}

/** Counts a mark of `from` up or down for its dependencies, and goes on below where it came or went altogether. */
function spread(state: BuildState, counts: Int32Array, from: number, by: 1 | -1): void {
  const { start, list } = state.plan.dependencies;
  const edge = by === 1 ? 0 : 1;
  const pending = [from];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
      const below = list[k] as number;
      const before = counts[below] as number;
      counts[below] = before + by;
      if (before !== edge) continue;
      if (state.plan.setscene[below] === 0) {
        pending.push(below);
        updateStartable(state, below);
      } else if (by === -1 && counts === state.undecidedAbove && state.ready[below] === 0) {
        state.ready[below] = 1;
        updateTurn(state, below);
      }
    }
  }
}
