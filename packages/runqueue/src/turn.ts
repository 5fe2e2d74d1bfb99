import type { BuildState } from "./state/state.ts";

/** Takes note that it may have become, or ceased to be, the turn of a setscene task. */
export function updateTurn(state: BuildState, task: number): void {
  const place = state.plan.setscenePlace[task] as number;
  if (hasTurn(state, task)) state.setscene.turn.add(place);
  else state.setscene.turn.delete(place);
}

/** The turn of a setscene task may come: its users are decided, or it is wanted all the same. */
export function makeReady(state: BuildState, task: number): void {
  state.setscene.ready[task] = 1;
  updateTurn(state, task);
}

function hasTurn(state: BuildState, task: number): boolean {
  if (state.setscene.ready[task] === 0 || state.setscene.started[task] === 1 || state.setscene.waitsForHard[task] === 1)
    return false;
  if (state.plan.release.hardDependencies === "users" && isHardUndecided(state, task)) return false;
  const waitsFor = state.setscene.deferred.get(task);
  return waitsFor === undefined || state.real.complete[waitsFor] === 1;
}

function isHardUndecided({ plan, setscene: { decision } }: BuildState, task: number): boolean {
  return plan.hardDependencies.get(task)?.some((dependency) => decision[dependency] === 0) ?? false;
}
