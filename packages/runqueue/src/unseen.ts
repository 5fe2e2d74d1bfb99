import type { DepId, TaskHash } from "@depid/hash";
import { taskHashInput } from "@depid/siggen";
import type { Task } from "@depid/task-graph";
import { neighboursOf } from "@depid/task-graph";
import type { HashEdges } from "./hash-edges.ts";
import { findKin } from "./kin.ts";
import { COVERED } from "./state/setscene-state.ts";
import type { BuildState } from "./state/state.ts";
import type { UnseenState } from "./state/unseen-state.ts";
import { UNSEEN } from "./task-hashes.ts";

/**
 * Hashes that nobody ever had. What is made of a depid that no earlier build had is new itself: the server does not know it, no stamp and no object
 * bears it, until this build tells of it. In a rehash most hashes are of that kind, and are gone with the next answer. So they are not
 * computed before something needs them: a start, a restored task above, the end (docs/decisions/0010-unseen-hashes.md).
 */

/** Prepares for a first rehash. */
export function beginUnseen(state: BuildState, edges: HashEdges): void {
  const { unseen } = state.hashes;
  if (unseen === undefined) return;
  for (let task = 0; task < state.plan.size; task++) {
    if (unseen.isNew[task] === 1) countAbove(unseen, edges, task, 1);
  }
  unseen.kin = findKin(state.plan, edges, (task) => isAskable(state, task));
  for (let task = 0; task < state.plan.size; task++) {
    if (isAskable(state, task)) keepInputs(state, task, state.hashes.taskhash[task] as TaskHash);
  }
}

/** Whether a task whose inputs changed has a hash that nobody knows, and nothing needs it now. */
export function mayStayUnseen(state: BuildState, edges: HashEdges, task: number): boolean {
  const { unseen } = state.hashes;
  if (unseen === undefined || unseen.newBelow[task] === 0 || unseen.isTold[task] === 1) return false;
  return (
    !isRestored(state, task) &&
    !state.rules.locked?.has(state.plan.tids[task] as never) &&
    !mayBeTold(state, edges, task)
  );
}

/** Computes the hashes of a task that has none, and those of all below that it is made of. Nobody knows them: they are their own depids. */
export function reveal(state: BuildState, task: number): void {
  const { edges, generated, taskhash, depid, unseen, learnt } = state.hashes;
  if (generated.depid[task] !== UNSEEN || edges === undefined) return;
  const pending = [task];
  for (let next = pending.at(-1); next !== undefined; next = pending.at(-1)) {
    const below = neighboursOf(edges.deps, next).filter((dependency) => generated.depid[dependency] === UNSEEN);
    if (below.length > 0 && generated.depid[next] === UNSEEN) {
      pending.push(...below);
      continue;
    }
    pending.pop();
    if (generated.depid[next] !== UNSEEN) continue;
    const hash = hashAnew(state, edges, next) as TaskHash & DepId;
    generated.taskhash[next] = hash;
    generated.depid[next] = hash;
    taskhash[next] = hash;
    depid[next] = hash;
    unseen?.born.set(hash, next);
    if (isAskable(state, next)) learnt.push({ type: "remember", task: next, taskhash: hash, depid: hash });
  }
}

/** The same of all tasks that have none. */
export function revealAll(state: BuildState): void {
  if (state.hashes.edges === undefined || state.hashes.unseen === undefined) return;
  for (const task of state.hashes.edges.order) reveal(state, task);
}

/** The depid of a task as the queue has it. */
export function depIdOfTask(state: BuildState, task: number): DepId {
  reveal(state, task);
  return state.hashes.depid[task] as DepId;
}

/** The server is about to hear of a task: from now on others may have this hash from there. */
export function noteTold(state: BuildState, task: number, taskhash: TaskHash): void {
  const { unseen } = state.hashes;
  if (unseen === undefined || !isAskable(state, task)) return;
  unseen.isTold[task] = 1;
  keepInputs(state, task, taskhash);
}

/** The generator has another depid for a task. */
export function noteDepId(state: BuildState, edges: HashEdges, task: number): void {
  const { unseen, generated } = state.hashes;
  if (unseen === undefined) return;
  const isNew = isNewDepId(unseen, generated.depid[task] as DepId, generated.taskhash[task] as TaskHash, task) ? 1 : 0;
  const by = isNew - (unseen.isNew[task] as number);
  if (by === 0) return;
  unseen.isNew[task] = isNew;
  countAbove(unseen, edges, task, by);
}

/** The build is over: what it was the first to have is known to those that follow. */
export function leaveDepIds({ hashes: { unseen } }: BuildState): void {
  if (unseen === undefined) return;
  for (const depid of unseen.born.keys()) unseen.earlier.add(depid);
}

/** Whether the server may know a task: `askable` as in `DepIdRequest` of siggen. */
export function isAskable({ plan }: BuildState, task: number): boolean {
  return plan.setsceneCount === 0 || plan.setscene[task] === 1;
}

/** Covered already, or being restored. */
export function isRestored({ setscene: { decision, running } }: BuildState, task: number): boolean {
  return ((decision[task] as number) & COVERED) !== 0 || running[task] === 1;
}

/** The taskhash of a task as its dependencies are now. None of them may be unseen. */
export function hashAnew(state: BuildState, { deps }: HashEdges, task: number): TaskHash {
  const { generator, taints } = state.rules;
  const row = state.plan.tasks[task] as Task;
  const from = deps.start[task] as number;
  const depids = new Array<DepId>((deps.start[task + 1] as number) - from);
  for (let k = 0; k < depids.length; k++) {
    depids[k] = state.hashes.generated.depid[deps.list[from + k] as number] as DepId;
  }
  const input = taskHashInput(row, depids, taints?.get(row.tid) ?? row.taint);
  return generator?.taskhash(input) ?? (state.hashes.generated.taskhash[task] as TaskHash);
}

function isNewDepId({ born, earlier }: UnseenState, depid: DepId, taskhash: TaskHash, task: number): boolean {
  if (depid === UNSEEN || born.has(depid)) return true;
  if (earlier.has(depid)) return false;
  born.set(depid, (taskhash as string) === depid ? task : -1);
  return true;
}

function countAbove({ newBelow }: UnseenState, { dependents }: HashEdges, task: number, by: number): void {
  for (let k = dependents.start[task] as number; k < (dependents.start[task + 1] as number); k++) {
    const above = dependents.list[k] as number;
    newBelow[above] = (newBelow[above] as number) + by;
  }
}

/** Keeps what a taskhash is made of, if it is new and another task might come to the same one. */
function keepInputs({ hashes: { edges, generated, unseen } }: BuildState, task: number, taskhash: TaskHash): void {
  const told = unseen?.kin?.told[unseen.kin.groupOf[task] as number];
  if (told === undefined || edges === undefined || unseen?.newBelow[task] === 0) return;
  const below = neighboursOf(edges.deps, task);
  const isPresent = taskhash === generated.taskhash[task];
  const depids = isPresent ? Array.from(below, (dependency) => generated.depid[dependency] as DepId) : undefined;
  told.push({ task, depids });
}

/** Whether the hash that a task would have now can be one that this build has told, or begun with, for another task. */
function mayBeTold(state: BuildState, { deps }: HashEdges, task: number): boolean {
  const { generated, unseen } = state.hashes;
  const { kin, born } = unseen as UnseenState;
  const told = kin?.told[kin.groupOf[task] as number];
  if (kin === undefined || told === undefined) return false;
  const from = deps.start[task] as number;
  const mayComeTo = (depids: readonly DepId[]): boolean =>
    depids.every((depid, k) => {
      const dependency = deps.list[from + k] as number;
      const now = generated.depid[dependency];
      if (now !== UNSEEN) return now === depid;
      const origin = born.get(depid);
      if (origin === undefined) return false;
      return origin < 0 || kin.groupOf[origin] === kin.groupOf[dependency];
    });
  return told.some((other) => other.task !== task && (other.depids === undefined || mayComeTo(other.depids)));
}
