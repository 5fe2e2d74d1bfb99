import type { DepId, TaskHash, Tid } from "@depid/hash";
import { taskHashInput } from "@depid/siggen";
import type { Task } from "@depid/task-graph";
import { neighboursOf } from "@depid/task-graph";
import { findDeferredTo } from "./duplicates.ts";
import type { BuildEffect } from "./effect.ts";
import { compileHashEdges } from "./hash-edges.ts";
import { migrate } from "./migrate.ts";
import type { Draft, Rehash, Update } from "./rehash-state.ts";
import { COVERED } from "./state/setscene-state.ts";
import { type BuildState, hashesOfTask, tidOf } from "./state/state.ts";

/** A report was answered: the depid takes effect before anything else is decided. */
export function noteAnswer(state: BuildState, update: Update): void {
  state.hashes.updates.push(update);
}

/** Lets answers take effect that came since the last time (runqueue.md section 9). */
export function beginRehash(state: BuildState): BuildEffect[] {
  const { updates } = state.hashes;
  state.hashes.updates = [];
  state.hashes.edges ??= compileHashEdges(state.plan);
  const rehash: Rehash = {
    updates,
    edges: state.hashes.edges,
    dirty: [],
    level: 0,
    batch: [],
    remaps: [],
    moved: new Set(),
    changed: [],
  };
  state.hashes.rehash = rehash;
  const effects = updates.flatMap((update) => adopt(state, rehash, update));
  markDisputed(state, rehash);
  return [...effects, ...nextLevel(state, rehash)];
}

/** The server's depids for a batch of new taskhashes are known. */
export function applyLookUp(state: BuildState, rehash: Rehash, depids: readonly DepId[]): BuildEffect[] {
  const { generated } = state.hashes;
  const remaps: Draft[] = [];
  rehash.batch.forEach((draft, i) => {
    const { task, taskhash } = draft;
    const depid = depids[i] as DepId;
    if (!state.hashes.unsent.has(task)) state.hashes.unsent.set(task, generated.taskhash[task] as TaskHash);
    generated.taskhash[task] = taskhash;
    generated.depid[task] = depid;
    if (depid === state.hashes.depid[task]) state.hashes.disputed.delete(task);
    else if (isRestored(state, task)) remaps.push(draft);
    else replaceHashes(state, rehash, draft, depid);
  });
  rehash.remaps = remaps;
  if (remaps.length === 0) return endBatch(state, rehash);
  const rows = remaps.map(({ task, taskhash }) => ({ task, taskhash, depid: state.hashes.depid[task] as DepId }));
  return [{ type: "declare", rows }];
}

/** The server was told what restored tasks are known by, and answered what it holds now. */
export function applyDeclared(state: BuildState, rehash: Rehash, answers: readonly DepId[]): BuildEffect[] {
  const effects: BuildEffect[] = [];
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
      effects.push({ type: "remember", task, taskhash, depid: wanted });
    } else state.hashes.disputed.add(task);
  });
  rehash.remaps = [];
  return [...effects, ...endBatch(state, rehash)];
}

/** The task, and those deferred to it, get the depid that was answered. */
function adopt(state: BuildState, rehash: Rehash, { task, depid }: Update): BuildEffect[] {
  if (state.hashes.depid[task] === depid) return [];
  return [task, ...findDeferredTo(state, task)].map((other) => {
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
    if (state.hashes.generated.depid[other] !== depid) move(rehash, other);
    state.hashes.generated.depid[other] = depid;
    return { type: "remember", task: other, taskhash: state.hashes.generated.taskhash[other] as TaskHash, depid };
  });
}

/** Tasks above that are known by one depid and hashed as another are looked at each time, even if nothing below changes. */
function markDisputed(state: BuildState, rehash: Rehash): void {
  if (state.hashes.disputed.size === 0) return;
  const seen = new Set<number>();
  const pending = [...rehash.moved];
  for (let task = pending.pop(); task !== undefined; task = pending.pop()) {
    for (const dependent of neighboursOf(state.plan.dependents, task)) {
      if (seen.has(dependent)) continue;
      seen.add(dependent);
      pending.push(dependent);
      if (state.hashes.disputed.has(dependent)) markDirty(rehash, dependent);
    }
  }
}

/** Hashes the tasks of the next level that has any, up to the end of the rehash. */
function nextLevel(state: BuildState, rehash: Rehash): BuildEffect[] {
  const { generated } = state.hashes;
  for (; state.rules.generator !== undefined && rehash.level < rehash.dirty.length; rehash.level += 1) {
    const dirty = rehash.dirty[rehash.level];
    if (dirty === undefined) continue;
    rehash.dirty[rehash.level] = undefined;
    const batch: Draft[] = [];
    for (const task of [...dirty].sort((a, b) => a - b)) {
      const taskhash = hashAnew(state, rehash, task);
      if (taskhash === generated.taskhash[task] && !state.hashes.disputed.has(task)) continue;
      batch.push({ task, taskhash, before: generated.depid[task] as DepId });
    }
    if (batch.length === 0) continue;
    rehash.batch = batch;
    return [{ type: "look-up", requests: batch.map(({ task, taskhash }) => requestOf(state, task, taskhash)) }];
  }
  state.hashes.rehash = undefined;
  if (rehash.changed.length > 0) state.hashes.unsent.clear();
  return migrate(state, rehash.updates, rehash.changed);
}

function endBatch(state: BuildState, rehash: Rehash): BuildEffect[] {
  for (const { task, before } of rehash.batch) {
    if (state.hashes.generated.depid[task] !== before) move(rehash, task);
  }
  rehash.batch = [];
  return nextLevel(state, rehash);
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

function hashAnew(state: BuildState, { edges }: Rehash, task: number): TaskHash {
  const { generator, taints } = state.rules;
  const row = state.plan.tasks[task] as Task;
  const deps = neighboursOf(edges.deps, task);
  const depids = new Array<DepId>(deps.length);
  for (let k = 0; k < deps.length; k++) depids[k] = state.hashes.generated.depid[deps[k] as number] as DepId;
  const input = taskHashInput(row, depids, taints?.get(row.tid) ?? row.taint);
  return generator?.taskhash(input) ?? (state.hashes.generated.taskhash[task] as TaskHash);
}

function requestOf({ plan }: BuildState, task: number, taskhash: TaskHash) {
  return { task, taskhash, askable: plan.setsceneCount === 0 || plan.setscene[task] === 1 };
}

/** Covered already, or being restored. */
function isRestored({ setscene: { decision, running } }: BuildState, task: number): boolean {
  return ((decision[task] as number) & COVERED) !== 0 || running[task] === 1;
}

/** The depid of a task is another one for those that hash it. */
function move(rehash: Rehash, task: number): void {
  rehash.moved.add(task);
  for (const dependent of neighboursOf(rehash.edges.dependents, task)) markDirty(rehash, dependent);
}

function markDirty({ dirty, edges }: Rehash, task: number): void {
  const level = edges.level[task] as number;
  const known = dirty[level];
  if (known === undefined) dirty[level] = new Set([task]);
  else known.add(task);
}

function causesOf(state: BuildState, { edges, moved }: Rehash, task: number): Tid[] {
  const causes: Tid[] = [];
  for (const dependency of neighboursOf(edges.deps, task)) {
    if (moved.has(dependency)) causes.push(tidOf(state, dependency));
  }
  return causes;
}
