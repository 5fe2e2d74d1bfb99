import { COVERED, NOT_COVERED } from "../state/setscene-state.ts";
import type { DirectState } from "./direct-state.ts";

/** Decides a setscene task for good: what `sets.ts` and `turn.ts` keep, without taking anything back. */
export function decideForGood(state: DirectState, task: number, side: typeof COVERED | typeof NOT_COVERED): void {
  state.decision[task] = side;
  state.undecided -= 1;
  settle(state, task);
  if (side === NOT_COVERED) spreadNotCovered(state, task);
  spreadDecided(state, task);
  updateStartable(state, task);
}

/** It is not this task's turn any more. */
export function settle(state: DirectState, task: number): void {
  state.settled[task] = 1;
  state.ready[task] = 1;
  state.turn.delete(state.plan.setscenePlace[task] as number);
}

/** Its turn has come. */
export function makeReady(state: DirectState, task: number): void {
  state.ready[task] = 1;
  updateTurn(state, task);
}

export function updateTurn(state: DirectState, task: number): void {
  if (state.ready[task] === 1 && state.settled[task] === 0 && state.waitsForHard[task] === 0)
    state.turn.add(state.plan.setscenePlace[task] as number);
  else state.turn.delete(state.plan.setscenePlace[task] as number);
}

/** A real task may start when all below is complete, and all above that could spare it is decided. */
export function updateStartable(state: DirectState, task: number): void {
  if (state.incompleteBelow[task] !== 0 || state.begun[task] === 1) return;
  const isHeldOff =
    state.plan.setscene[task] === 1 ? state.decision[task] === 0 : (state.undecidedAbove[task] as number) > 0;
  if (!isHeldOff) state.startable.add(state.plan.rank[task] as number);
}

/** Whether a real task is passed over as covered; to be asked when it may start. */
export function isCoveredForGood({ plan, decision, notCoveredAbove }: DirectState, task: number): boolean {
  if (plan.setscene[task] === 1) return decision[task] === COVERED;
  return notCoveredAbove[task] === 0 && plan.cantSkip[task] === 0 && plan.unskippable[task] === 0;
}

/** A real task is complete, or passed over. */
export function completeForGood(state: DirectState, task: number): void {
  const { start, list } = state.plan.dependents;
  const end = start[task + 1] as number;
  for (let k = start[task] as number; k < end; k++) {
    const dependent = list[k] as number;
    const left = (state.incompleteBelow[dependent] as number) - 1;
    state.incompleteBelow[dependent] = left;
    if (left === 0) updateStartable(state, dependent);
  }
}

function spreadNotCovered({ plan, notCoveredAbove }: DirectState, from: number): void {
  const { start, list } = plan.dependencies;
  const pending = [from];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    const end = start[task + 1] as number;
    for (let k = start[task] as number; k < end; k++) {
      const below = list[k] as number;
      const before = notCoveredAbove[below] as number;
      notCoveredAbove[below] = before + 1;
      if (before === 0 && plan.setscene[below] === 0) pending.push(below);
    }
  }
}

function spreadDecided(state: DirectState, from: number): void {
  const { plan, undecidedAbove } = state;
  const { start, list } = plan.dependencies;
  const pending = [from];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    const end = start[task + 1] as number;
    for (let k = start[task] as number; k < end; k++) {
      const below = list[k] as number;
      const left = (undecidedAbove[below] as number) - 1;
      undecidedAbove[below] = left;
      if (left !== 0) continue;
      if (plan.setscene[below] === 0) {
        pending.push(below);
        updateStartable(state, below);
      } else if (state.ready[below] === 0) makeReady(state, below);
    }
  }
}
