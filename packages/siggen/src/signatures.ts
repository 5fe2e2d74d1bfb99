import { type DepId, depIdOf, sha256Hex, type Tid } from "@depid/hash";
import { type HashPlan, type Task, type TaskGraph, UnknownTaskError } from "@depid/task-graph";
import type { DepIdRequest, SignatureGenerator } from "./signature-generator.ts";
import { type TaskHashInput, taskHashInput } from "./taskhash.ts";

/** A task's hashes, and what the taskhash was computed from. It is the request for its depid as well. */
export interface Signature extends DepIdRequest {
  /** Of the task's hash dependencies, in their order, as they were hashed. */
  readonly depids: readonly DepId[];
  /** As it was hashed: the build's, or the capture's. */
  readonly taint: string | undefined;
  readonly depid: DepId;
}

/** Everything the taskhash of a signature was computed from. */
export function inputOf({ task, depids, taint }: Signature): TaskHashInput {
  return taskHashInput(task, depids, taint);
}

/** What happened to one task's signature: `before` is undefined for a new task, `after` for one that is gone. */
export interface SignatureChange {
  readonly tid: Tid;
  readonly before: Signature | undefined;
  readonly after: Signature | undefined;
}

/** What one build adds to the capture. */
export interface BuildInputs {
  /** The build's setscene tasks. Default: those the capture flags. An empty set lets all tasks ask the server. */
  readonly setscene?: ReadonlySet<Tid>;
  /** Taints of this builder and build; they replace the capture's. */
  readonly taints?: ReadonlyMap<Tid, string>;
}

/** The signatures of every task of a capture, kept up to date as the capture changes. */
export class Signatures {
  #generator: SignatureGenerator;
  readonly #graph: TaskGraph;
  readonly #plan: HashPlan;
  /** By slot: a map by tid would cost a third more than all else. */
  #hashed: (Signature | undefined)[] = [];
  #size = 0;
  #order: { readonly tids: readonly Tid[]; readonly slots: Int32Array } = { tids: [], slots: new Int32Array() };
  #build: BuildInputs = {};
  #askAll = false;

  /** Empty: `computeSignatures` makes and fills one. */
  constructor(graph: TaskGraph, generator: SignatureGenerator) {
    this.#graph = graph;
    this.#plan = graph.hashPlan;
    this.#generator = generator;
  }

  get generator(): SignatureGenerator {
    return this.#generator;
  }

  /** Goes on with another generator that computes the same taskhashes, but has other depids: `update` is to ask again for them. */
  goOnWith(generator: SignatureGenerator): void {
    this.#generator = generator;
  }

  get size(): number {
    return this.#size;
  }

  find(tid: Tid): Signature | undefined {
    const slot = this.#plan.slots.get(tid);
    return slot === undefined ? undefined : this.#hashed[slot];
  }

  /** @throws {UnknownTaskError} */
  get(tid: Tid): Signature {
    const signature = this.find(tid);
    if (signature === undefined) throw new UnknownTaskError(tid, "its signature was asked for");
    return signature;
  }

  /**
   * Hashes every task anew, a topological generation at a time, so that look-ups of one generation are one batch. A signature
   * that comes out as it was stays the same object. Costs little more than the SHA-256 of the same bytes: see
   * benchmarks/hashing.ts before touching these loops.
   */
  async computeAll(build: BuildInputs = {}): Promise<void> {
    this.#begin(build);
    const { tasks, order, deps } = this.#plan;
    const known = this.#hashed;
    const hashed: (Signature | undefined)[] = new Array(tasks.length).fill(undefined);
    for (const slots of this.#byGeneration()) {
      const batch: Draft[] = [];
      for (const slot of slots) {
        const draft = this.#hash(tasks[slot] as Task, depidsIn(hashed, deps[slot] as readonly number[]));
        hashed[slot] = draft;
        batch.push(draft);
      }
      const answer = this.#generator.depids(batch);
      const depids = answer instanceof Promise ? await answer : answer;
      for (let i = 0; i < batch.length; i++) {
        const draft = batch[i] as Draft;
        draft.depid = depids[i] as DepId;
        const slot = slots[i] as number;
        const before = known[slot];
        if (before !== undefined && isSame(before, draft)) hashed[slot] = before;
      }
    }
    this.#hashed = hashed;
    this.#size = order.length;
  }

  /**
   * Follows a change of the capture (already applied to the graph): hashes the changed tasks and their cone, and goes no
   * further where depids stay. Costs in proportion to the cone.
   *
   * @param seeds tasks whose own inputs changed, new and removed ones included
   * @param asksAgain whether the generator may have other depids than before for the same taskhashes: then it is asked for all that it can be asked for
   * @returns what changed, in the order of hashing
   */
  async update(seeds: Iterable<Tid>, build: BuildInputs = {}, asksAgain = false): Promise<readonly SignatureChange[]> {
    this.#begin(build);
    const { tasks, slots, places, generation, generations, deps, dependents } = this.#plan;
    const hashed = this.#hashed;
    while (hashed.length < tasks.length) hashed.push(undefined);
    const changes: SignatureChange[] = [];
    const dirty: (number[] | undefined)[] = new Array(generations);
    const isDirty = new Uint8Array(tasks.length);
    const mark = (slot: number): void => {
      if (isDirty[slot] === 1) return;
      isDirty[slot] = 1;
      const at = generation[slot] as number;
      const marked = dirty[at];
      if (marked === undefined) dirty[at] = [slot];
      else marked.push(slot);
    };
    for (const tid of seeds) {
      const slot = slots.get(tid);
      if (slot === undefined) continue;
      if (tasks[slot] !== undefined) mark(slot);
      else this.#drop(tid, slot, changes);
    }
    const all = asksAgain ? this.#byGeneration() : undefined;
    for (let number = 0; number < generations; number++) {
      const marked = dirty[number] ?? [];
      for (const slot of all?.[number] ?? [])
        if (isDirty[slot] === 0 && hashed[slot]?.askable === true) marked.push(slot);
      if (marked.length === 0) continue;
      const batch = marked.sort((a, b) => (places[a] as number) - (places[b] as number));
      const requests = batch.map((slot): Signature => {
        if (isDirty[slot] === 0) return hashed[slot] as Signature;
        return this.#hash(tasks[slot] as Task, depidsIn(hashed, deps[slot] as readonly number[]));
      });
      const answer = this.#generator.depids(requests);
      const depids = answer instanceof Promise ? await answer : answer;
      for (let i = 0; i < batch.length; i++) {
        const slot = batch[i] as number;
        const request = requests[i] as Signature;
        const depid = depids[i] as DepId;
        const before = hashed[slot];
        if (request === before && depid === before.depid) continue;
        let after: Signature = request;
        if (isDirty[slot] === 1) (request as Draft).depid = depid;
        else after = { ...request, depid };
        hashed[slot] = after;
        if (before === undefined) this.#size += 1;
        if (before?.taskhash !== after.taskhash || before.depid !== depid)
          changes.push({ tid: after.task.tid, before, after });
        if (before?.depid === depid) continue;
        for (const dependent of dependents[slot] as readonly number[]) mark(dependent);
      }
    }
    return changes;
  }

  /** The signatures of these tasks, which are all there are, in their order. */
  inOrderOf(tids: readonly Tid[]): (place: number) => Signature {
    if (this.#order.tids !== tids) {
      const { order, slots } = this.#plan;
      const isOrder = tids === this.#graph.tids;
      this.#order = { tids, slots: isOrder ? order : Int32Array.from(tids, (tid) => slots.get(tid) ?? -1) };
    }
    const { slots } = this.#order;
    return (place) => this.#hashed[slots[place] as number] ?? this.get(tids[place] as Tid);
  }

  /** The slots of all tasks in the order of hashing, a list for each generation. */
  #byGeneration(): readonly (readonly number[])[] {
    const { order, generation, generations } = this.#plan;
    const found: number[][] = Array.from({ length: generations }, () => []);
    for (const slot of order) found[generation[slot] as number]?.push(slot);
    return found;
  }

  /** A task is gone. */
  #drop(tid: Tid, slot: number, changes: SignatureChange[]): void {
    const before = this.#hashed[slot];
    if (before === undefined) return;
    this.#hashed[slot] = undefined;
    this.#size -= 1;
    changes.push({ tid, before, after: undefined });
  }

  #begin(build: BuildInputs): void {
    this.#build = build;
    this.#askAll = build.setscene === undefined ? !this.#graph.hasSetscene : build.setscene.size === 0;
  }

  #hash(task: Task, depids: readonly DepId[]): Draft {
    const { taints, setscene } = this.#build;
    const taint = taints?.get(task.tid) ?? task.taint;
    const taskhash = this.#generator.taskhash(taskHashInput(task, depids, taint));
    const askable = this.#askAll || (setscene === undefined ? task.setscene : setscene.has(task.tid));
    return { task, depids, taint, taskhash, askable, depid: depIdOf(taskhash) };
  }
}

/** The depids of tasks that are hashed already, by slot. */
function depidsIn(hashed: readonly (Signature | undefined)[], slots: readonly number[]): DepId[] {
  const depids = new Array<DepId>(slots.length);
  for (let k = 0; k < depids.length; k++) depids[k] = (hashed[slots[k] as number] as Signature).depid;
  return depids;
}

function isSame(a: Signature, b: Signature): boolean {
  return a.taskhash === b.taskhash && a.depid === b.depid && a.task === b.task;
}

/** A signature whose depid is still the taskhash. */
type Draft = Omit<Signature, "depid"> & { depid: DepId };

/** The signatures of every task of a capture. */
export async function computeSignatures(
  graph: TaskGraph,
  generator: SignatureGenerator,
  build: BuildInputs = {},
): Promise<Signatures> {
  const signatures = new Signatures(graph, generator);
  await signatures.computeAll(build);
  return signatures;
}

/** SHA-256 over the lines `<tid> <taskhash>\n` of all tasks by code point: `expect.taskhashes` of a history. */
export function digestTaskHashes(graph: TaskGraph, signatures: Signatures): string {
  const lines = graph.tids.map((tid) => `${tid} ${signatures.get(tid).taskhash}\n`);
  return sha256Hex(lines.join(""));
}
