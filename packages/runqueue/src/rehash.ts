import type { DepId, TaskHash, Tid } from "@depid/hash";
import { neighboursOf } from "@depid/task-graph";
import { findDeferredTo } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import type { HashEdges } from "./hash-edges.ts";
import { migrate } from "./migrate.ts";
import type { Draft, Rehash, Update } from "./rehash-state.ts";
import { type BuildState, hashesOfTask, tidOf } from "./state/state.ts";
import { UNSEEN } from "./task-hashes.ts";
import { beginUnseen, hashAnew, isAskable, isRestored, mayStayUnseen, noteDepId, noteTold, reveal } from "./unseen.ts";

/** A report was answered: the depid takes effect before anything else is decided. */
export function noteAnswer(state: BuildState, update: Update): void {
  state.hashes.updates.push(update);
}

/** Lets answers take effect that came since the last time (runqueue.md section 9). */
export function beginRehash(state: BuildState): BuildEffect[] {
  const { updates } = state.hashes;
  state.hashes.updates = [];
  state.hashes.rehashes += 1;
  const rehash: Rehash = {
    updates,
    edges: state.hashes.edges ?? prepare(state),
    number: state.hashes.rehashes,
    dirty: [],
    level: 0,
    batch: [],
    asked: 0,
    remaps: [],
    adopted: new Map(),
    isReverted: false,
    changed: [],
  };
  state.hashes.rehash = rehash;
  for (const update of updates) adopt(state, rehash, update);
  markDisputed(state, rehash);
  return nextLevel(state, rehash);
}

/** The server's depids for those of a batch that were asked for are known. */
export function applyLookUp(state: BuildState, rehash: Rehash, depids: readonly DepId[]): BuildEffect[] {
  const effects = applyBatch(state, rehash, depids);
  return effects.length > 0 ? effects : nextLevel(state, rehash);
}

/** The server was told what restored tasks are known by, and answered what it holds now. */
export function applyDeclared(state: BuildState, rehash: Rehash, answers: readonly DepId[]): BuildEffect[] {
  rehash.remaps.forEach(({ task, taskhash }, i) => {
    const wanted = state.hashes.depid[task] as DepId;
    const current = state.hashes.generated.depid[task] as DepId;
    const answer = answers[i] as DepId;
    const because = causesOf(state, rehash, task);
    const tid = tidOf(state, task);
    state.log.push({ type: "remapped", at: state.now, tid, taskhash, wanted, current, answer, because });
    if (answer === wanted) {
      state.log.push({ type: "unsound", at: state.now, tid, why: "equivalence-unseen" });
      state.hashes.generated.depid[task] = wanted;
      state.hashes.disputed.delete(task);
      state.hashes.learnt.push({ type: "remember", task, taskhash, depid: wanted });
    } else state.hashes.disputed.add(task);
  });
  rehash.remaps = [];
  endBatch(state, rehash);
  return nextLevel(state, rehash);
}

function prepare(state: BuildState): HashEdges {
  const edges = state.plan.hashEdges();
  state.hashes.edges = edges;
  state.hashes.movedIn = new Int32Array(state.plan.size);
  state.hashes.dirtyIn = new Int32Array(state.plan.size);
  beginUnseen(state, edges);
  return edges;
}

/** The task, and those deferred to it, get the depid that was answered. */
function adopt(state: BuildState, rehash: Rehash, { task, depid }: Update): void {
  if (state.hashes.depid[task] === depid) return;
  for (const other of [task, ...findDeferredTo(state, task)]) {
    reveal(state, other);
    const from = state.hashes.depid[other] as DepId;
    state.log.push({
      type: "updated",
      at: state.now,
      tid: tidOf(state, other),
      taskhash: state.hashes.taskhash[other] as TaskHash,
      from,
      to: depid,
      answered: tidOf(state, task),
    });
    state.hashes.depid[other] = depid;
    state.hashes.disputed.delete(other);
    const before = state.hashes.generated.depid[other] as DepId;
    state.hashes.generated.depid[other] = depid;
    if (before !== depid) {
      if (!rehash.adopted.has(other)) rehash.adopted.set(other, before);
      move(state, rehash, other);
    }
    const taskhash = state.hashes.generated.taskhash[other] as TaskHash;
    state.hashes.learnt.push({ type: "remember", task: other, taskhash, depid });
  }
}

/** Tasks above that are known by one depid and hashed as another are looked at each time, even if nothing below changes. */
function markDisputed(state: BuildState, rehash: Rehash): void {
  if (state.hashes.disputed.size === 0) return;
  const seen = new Set<number>();
  const pending = [...rehash.adopted.keys()];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    for (const dependent of neighboursOf(state.plan.dependents, task)) {
      if (seen.has(dependent)) continue;
      seen.add(dependent);
      pending.push(dependent);
      if (state.hashes.disputed.has(dependent)) markDirty(state, rehash, dependent);
    }
  }
}

/** Hashes the tasks of the next level that has any, up to the end of the rehash. */
function nextLevel(state: BuildState, rehash: Rehash): BuildEffect[] {
  for (; state.rules.generator !== undefined && rehash.level < rehash.dirty.length; rehash.level += 1) {
    const dirty = rehash.dirty[rehash.level];
    if (dirty === undefined) continue;
    rehash.dirty[rehash.level] = undefined;
    rehash.batch = draftBatch(state, rehash, dirty);
    const asked = rehash.batch.filter(({ taskhash }) => taskhash !== UNSEEN);
    rehash.asked = asked.length;
    if (asked.length > 0) {
      const requests = asked.map(({ task, taskhash }) => ({ task, taskhash, askable: isAskable(state, task) }));
      return [{ type: "look-up", requests }];
    }
    if (rehash.batch.length > 0) applyBatch(state, rehash, []);
  }
  state.hashes.rehash = undefined;
  if (rehash.changed.length > 0) state.hashes.unsent.clear();
  return migrate(state, rehash.updates, rehash.changed);
}

/** Those of a level whose hashes are others now, ascending. Those that were unseen and still are need no more than to be moved. */
function draftBatch(state: BuildState, rehash: Rehash, dirty: readonly number[]): Draft[] {
  const { generated, disputed } = state.hashes;
  const rest: number[] = [];
  for (const task of dirty) {
    if (generated.depid[task] !== UNSEEN || !mayStayUnseen(state, rehash.edges, task)) rest.push(task);
    else if (hasMovedBelow(state, rehash, task)) moveUnseen(state, rehash, task);
  }
  const batch: Draft[] = [];
  for (const task of rest.sort((a, b) => a - b)) {
    const before = generated.depid[task] as DepId;
    // Whether it may changes with what is computed for others.
    if (mayStayUnseen(state, rehash.edges, task)) {
      if (!hasMovedBelow(state, rehash, task)) continue;
      if (before === UNSEEN) moveUnseen(state, rehash, task);
      else batch.push({ task, taskhash: UNSEEN, before });
      continue;
    }
    for (const dependency of neighboursOf(rehash.edges.deps, task)) reveal(state, dependency);
    const taskhash = hashAnew(state, rehash.edges, task);
    if (taskhash === generated.taskhash[task] && !disputed.has(task)) continue;
    batch.push({ task, taskhash, before });
  }
  return batch;
}

/** The hash of a task is another unseen one. */
function moveUnseen(state: BuildState, rehash: Rehash, task: number): void {
  rehash.changed.push(task);
  move(state, rehash, task);
}

/** @returns what is to be declared, before the batch is at its end */
function applyBatch(state: BuildState, rehash: Rehash, depids: readonly DepId[]): BuildEffect[] {
  const { generated } = state.hashes;
  const remaps: Draft[] = [];
  let next = 0;
  for (const draft of rehash.batch) {
    const { task, taskhash } = draft;
    const depid = taskhash === UNSEEN ? UNSEEN : (depids[next++] as DepId);
    if (!state.hashes.unsent.has(task)) state.hashes.unsent.set(task, generated.taskhash[task] as TaskHash);
    generated.taskhash[task] = taskhash;
    generated.depid[task] = depid;
    // The memory holds one taskhash of a task: a look-up, had there been one, would have put another in place of what is there.
    if (taskhash === UNSEEN && isAskable(state, task)) {
      state.hashes.learnt.push({ type: "remember", task, taskhash: UNSEEN, depid: UNSEEN });
    }
    if (depid === state.hashes.depid[task]) state.hashes.disputed.delete(task);
    else if (isRestored(state, task)) remaps.push(draft);
    else replaceHashes(state, rehash, draft, depid);
  }
  rehash.remaps = remaps;
  if (remaps.length === 0) {
    endBatch(state, rehash);
    return [];
  }
  for (const { task, taskhash } of remaps) noteTold(state, task, taskhash);
  const rows = remaps.map(({ task, taskhash }) => ({ task, taskhash, depid: state.hashes.depid[task] as DepId }));
  return [{ type: "declare", rows }];
}

function endBatch(state: BuildState, rehash: Rehash): void {
  for (const { task, before } of rehash.batch) {
    if (state.hashes.generated.depid[task] !== before) move(state, rehash, task);
    if (rehash.adopted.get(task) === state.hashes.generated.depid[task]) rehash.isReverted = true;
  }
  rehash.batch = [];
}

function replaceHashes(state: BuildState, rehash: Rehash, { task, taskhash }: Draft, depid: DepId): void {
  const before = hashesOfTask(state, task);
  const after = { taskhash, depid };
  const because = causesOf(state, rehash, task);
  state.log.push({ type: "rehashed", at: state.now, tid: tidOf(state, task), before, after, because });
  state.hashes.taskhash[task] = taskhash;
  state.hashes.depid[task] = depid;
  state.hashes.disputed.delete(task);
  rehash.changed.push(task);
}

/** Whether what a task hashes is not what it was before the rehash. Tasks are marked as soon as a depid moves; it may move back. */
function hasMovedBelow(state: BuildState, { edges, adopted, isReverted, number }: Rehash, task: number): boolean {
  if (!isReverted) return true;
  const { generated, movedIn } = state.hashes;
  return neighboursOf(edges.deps, task).some(
    (dependency) => movedIn[dependency] === number && adopted.get(dependency) !== generated.depid[dependency],
  );
}

/** The depid of a task is another one for those that hash it. */
function move(state: BuildState, rehash: Rehash, task: number): void {
  const { start, list } = rehash.edges.dependents;
  state.hashes.movedIn[task] = rehash.number;
  noteDepId(state, rehash.edges, task);
  for (let k = start[task] as number; k < (start[task + 1] as number); k++) {
    markDirty(state, rehash, list[k] as number);
  }
}

function markDirty({ hashes: { dirtyIn } }: BuildState, { dirty, edges, number }: Rehash, task: number): void {
  if (dirtyIn[task] === number) return;
  dirtyIn[task] = number;
  const level = edges.level[task] as number;
  const known = dirty[level];
  if (known === undefined) dirty[level] = [task];
  else known.push(task);
}

function causesOf({ hashes: { movedIn }, plan }: BuildState, { edges, number }: Rehash, task: number): Tid[] {
  const causes: Tid[] = [];
  for (const dependency of neighboursOf(edges.deps, task)) {
    if (movedIn[dependency] === number) causes.push(plan.tids[dependency] as Tid);
  }
  return causes;
}
