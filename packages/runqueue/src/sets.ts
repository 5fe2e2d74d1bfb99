import { updateStartable } from "./startable.ts";
import { COVERED, NOT_COVERED } from "./state/setscene-state.ts";
import type { BuildState } from "./state/state.ts";
import { makeReady } from "./turn.ts";

/**
 * Puts a setscene task on one side, and all it covers with it.
 *
 * The sets of runqueue.md section 8 are kept up to date by counting: an edge carries a mark downwards when the dependent is a
 * setscene task of that state, or a non-setscene task that itself has the mark from above. A decision costs as many
 * steps as there are edges whose mark changes.
 */
export function decide(state: BuildState, task: number, side: typeof COVERED | typeof NOT_COVERED): void {
  const before = state.setscene.decision[task] as number;
  if ((before & side) !== 0) return;
  state.setscene.decision[task] = before | side;
  spread(state, side === COVERED ? state.setscene.coveredAbove : state.setscene.notCoveredAbove, task, 1);
  if (before === 0) {
    state.setscene.undecided -= 1;
    spread(state, state.setscene.undecidedAbove, task, -1);
  }
  markProcessed(state, task);
  updateStartable(state, task);
}

/** Takes a decision back: the setscene task is neither covered nor not covered any more (runqueue.md section 9, 4). */
export function undecide(state: BuildState, task: number): void {
  const before = state.setscene.decision[task] as number;
  state.setscene.decision[task] = 0;
  if ((before & COVERED) !== 0) spread(state, state.setscene.coveredAbove, task, -1);
  if ((before & NOT_COVERED) !== 0) spread(state, state.setscene.notCoveredAbove, task, -1);
  if (before !== 0) {
    state.setscene.undecided += 1;
    spread(state, state.setscene.undecidedAbove, task, 1);
  }
  unmarkProcessed(state, task);
}

/**
 * Takes "not covered" back where nothing but that can be decided again (`vain.ts`). All below is held off meanwhile, so that nobody looks which side it is
 * on: the marks of that stay.
 */
export function suspend(state: BuildState, task: number): void {
  if (state.setscene.decision[task] === 0) return;
  state.setscene.decision[task] = 0;
  state.setscene.undecided += 1;
  spread(state, state.setscene.undecidedAbove, task, 1);
  updateStartable(state, task);
}

/** It is decided again. */
export function resume(state: BuildState, task: number): void {
  state.setscene.decision[task] = NOT_COVERED;
  state.setscene.undecided -= 1;
  spread(state, state.setscene.undecidedAbove, task, -1);
  updateStartable(state, task);
}

/** Something else is to be decided of a suspended task: its marks go as well; those of tasks below are up to the caller. */
export function undecideSuspended(state: BuildState, task: number): void {
  spread(state, state.setscene.notCoveredAbove, task, -1);
  unmarkProcessed(state, task);
}

/** A task is no longer held to be processed; those below are up to the caller. */
export function unmarkProcessed(state: BuildState, task: number): void {
  if (state.setscene.processed[task] === 1) {
    state.setscene.processed[task] = 0;
    const { start, list } = state.plan.dependencies;
    for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
      const below = list[k] as number;
      state.setscene.unprocessedAbove[below] = (state.setscene.unprocessedAbove[below] as number) + 1;
    }
  }
  updateStartable(state, task);
}

/** Marks a task as processed, and each non-setscene task below all of whose dependents are. */
export function markProcessed(state: BuildState, task: number): void {
  const { plan } = state;
  const { processed, unprocessedAbove } = state.setscene;
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
      } else if (by === -1 && counts === state.setscene.undecidedAbove && state.setscene.ready[below] === 0) {
        makeReady(state, below);
      }
    }
  }
}
