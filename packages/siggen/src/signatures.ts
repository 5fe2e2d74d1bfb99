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
  /** The structure that `#hashed` goes by: one behind the graph's until the change is followed. */
  #plan: HashPlan | undefined;
  /** By position in the plan: a map by tid would cost a third more than all else. */
  #hashed: (Signature | undefined)[] = [];
  #order: { readonly tids: readonly Tid[]; readonly plan: HashPlan | undefined; readonly places: Int32Array } = {
    tids: [],
    plan: undefined,
    places: new Int32Array(),
  };
  #build: BuildInputs = {};
  #askAll = false;

  /** Empty: `computeSignatures` makes and fills one. */
  constructor(graph: TaskGraph, generator: SignatureGenerator) {
    this.#graph = graph;
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
    return this.#hashed.length;
  }

  find(tid: Tid): Signature | undefined {
    const position = this.#plan?.positions.get(tid);
    return position === undefined ? undefined : this.#hashed[position];
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
    const plan = this.#graph.hashPlan;
    const { tasks, generationEnds, deps } = plan;
    const known = plan === this.#plan ? this.#hashed : [];
    const hashed: Signature[] = new Array(tasks.length);
    let start = 0;
    for (const end of generationEnds) {
      const batch: Draft[] = [];
      for (let i = start; i < end; i++) {
        const from = deps.start[i] as number;
        const depids = new Array<DepId>((deps.start[i + 1] as number) - from);
        for (let k = 0; k < depids.length; k++) depids[k] = (hashed[deps.list[from + k] as number] as Signature).depid;
        const draft = this.#hash(tasks[i] as Task, depids);
        hashed[i] = draft;
        batch.push(draft);
      }
      const answer = this.#generator.depids(batch);
      const depids = answer instanceof Promise ? await answer : answer;
      for (let i = 0; i < batch.length; i++) {
        const draft = batch[i] as Draft;
        draft.depid = depids[i] as DepId;
        const before = known[start + i];
        if (before !== undefined && isSame(before, draft)) hashed[start + i] = before;
      }
      start = end;
    }
    this.#plan = plan;
    this.#hashed = hashed;
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
    const plan = this.#graph.hashPlan;
    const { tasks, positions, generation, generationEnds, deps, dependents } = plan;
    const changes: SignatureChange[] = [];
    const dirty: (number[] | undefined)[] = new Array(generationEnds.length);
    const isDirty = new Uint8Array(tasks.length);
    const mark = (position: number): void => {
      if (isDirty[position] === 1) return;
      isDirty[position] = 1;
      const at = generation[position] as number;
      const marked = dirty[at];
      if (marked === undefined) dirty[at] = [position];
      else marked.push(position);
    };
    for (const tid of seeds) {
      const position = positions.get(tid);
      const before = this.find(tid);
      if (position !== undefined) mark(position);
      else if (before !== undefined) changes.push({ tid, before, after: undefined });
    }
    if (plan !== this.#plan) this.#follow(plan);
    const hashed = this.#hashed;
    for (let number = 0; number < generationEnds.length; number++) {
      const marked = dirty[number] ?? [];
      if (asksAgain) {
        const from = number === 0 ? 0 : (generationEnds[number - 1] as number);
        for (let i = from; i < (generationEnds[number] as number); i++)
          if (isDirty[i] === 0 && hashed[i]?.askable === true) marked.push(i);
      }
      if (marked.length === 0) continue;
      const batch = marked.sort((a, b) => a - b);
      const requests = batch.map((position): Signature => {
        if (isDirty[position] === 0) return hashed[position] as Signature;
        const from = deps.start[position] as number;
        const depids = new Array<DepId>((deps.start[position + 1] as number) - from);
        for (let k = 0; k < depids.length; k++) depids[k] = (hashed[deps.list[from + k] as number] as Signature).depid;
        return this.#hash(tasks[position] as Task, depids);
      });
      const answer = this.#generator.depids(requests);
      const depids = answer instanceof Promise ? await answer : answer;
      for (let i = 0; i < batch.length; i++) {
        const position = batch[i] as number;
        const request = requests[i] as Signature;
        const depid = depids[i] as DepId;
        const before = hashed[position];
        if (request === before && depid === before.depid) continue;
        let after: Signature = request;
        if (isDirty[position] === 1) (request as Draft).depid = depid;
        else after = { ...request, depid };
        hashed[position] = after;
        if (before?.taskhash !== after.taskhash || before.depid !== depid)
          changes.push({ tid: after.task.tid, before, after });
        if (before?.depid === depid) continue;
        const end = dependents.start[position + 1] as number;
        for (let k = dependents.start[position] as number; k < end; k++) mark(dependents.list[k] as number);
      }
    }
    return changes;
  }

  /** The signatures of these tasks, which are all there are, in their order. */
  inOrderOf(tids: readonly Tid[]): (place: number) => Signature {
    if (this.#order.tids !== tids || this.#order.plan !== this.#plan) {
      const { positions } = this.#graph.hashPlan;
      const places = Int32Array.from(tids, (tid) => positions.get(tid) ?? -1);
      this.#order = { tids, plan: this.#plan, places };
    }
    const { places } = this.#order;
    return (place) => this.#hashed[places[place] as number] ?? this.get(tids[place] as Tid);
  }

  /** Another structure, other positions. */
  #follow(plan: HashPlan): void {
    this.#hashed = plan.tasks.map(({ tid }) => this.find(tid));
    this.#plan = plan;
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
