import { type BuildState, isCovered, isNotCovered } from "./state/state.ts";

/** Takes note that it may have become possible, or impossible, to start a real task. */
export function updateStartable(state: BuildState, task: number): void {
  const rank = state.plan.rank[task] as number;
  if (mayStart(state, task)) state.real.startable.add(rank);
  else state.real.startable.delete(rank);
}

function mayStart(state: BuildState, task: number): boolean {
  if (state.real.incompleteBelow[task] !== 0 || state.real.started[task] === 1) return false;
  return !isHeldOff(state, task) && (isNotCovered(state, task) || isCovered(state, task));
}

function isHeldOff({ plan, setscene: { decision, undecidedAbove } }: BuildState, task: number): boolean {
  return plan.setscene[task] === 1 ? decision[task] === 0 : (undecidedAbove[task] as number) > 0;
}
