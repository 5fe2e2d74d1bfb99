import { byCodePoint, type DepId, depIdOf, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { type Task, type TaskGraph, UnknownTaskError } from "@depid/task-graph";
import type { DepIdRequest, SignatureGenerator } from "./signature-generator.ts";
import { type TaskHashInput, taskHashInput } from "./taskhash.ts";

/** A task's hashes, and what the taskhash was computed from. */
export interface Signature {
  readonly input: TaskHashInput;
  readonly taskhash: TaskHash;
  readonly depid: DepId;
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
  readonly generator: SignatureGenerator;
  readonly #graph: TaskGraph;
  readonly #signatures = new Map<Tid, Signature>();
  #build: BuildInputs = {};
  #askAll = false;

  /** Empty: `computeSignatures` makes and fills one. */
  constructor(graph: TaskGraph, generator: SignatureGenerator) {
    this.#graph = graph;
    this.generator = generator;
  }

  get size(): number {
    return this.#signatures.size;
  }

  find(tid: Tid): Signature | undefined {
    return this.#signatures.get(tid);
  }

  /** @throws {UnknownTaskError} */
  get(tid: Tid): Signature {
    const signature = this.#signatures.get(tid);
    if (signature === undefined) throw new UnknownTaskError(tid, "its signature was asked for");
    return signature;
  }

  /**
   * Hashes every task anew, a topological generation at a time, so that look-ups of one generation are one batch. Costs little
   * more than the SHA-256 of the same bytes: see benchmarks/hashing.ts before touching these loops.
   */
  async computeAll(build: BuildInputs = {}): Promise<void> {
    this.#begin(build);
    const { tasks, generationEnds, deps } = this.#graph.hashPlan;
    const hashed: Signature[] = new Array(tasks.length);
    let start = 0;
    for (const end of generationEnds) {
      const requests: DepIdRequest[] = [];
      for (let i = start; i < end; i++) {
        const from = deps.starts[i] as number;
        const depids = new Array<DepId>((deps.starts[i + 1] as number) - from);
        for (let k = 0; k < depids.length; k++) depids[k] = (hashed[deps.items[from + k] as number] as Signature).depid;
        hashed[i] = this.#hash(tasks[i] as Task, depids, requests);
      }
      const answer = this.generator.depids(requests);
      const depids = answer instanceof Promise ? await answer : answer;
      for (let i = start; i < end; i++) {
        const signature = hashed[i] as Draft;
        signature.depid = depids[i - start] as DepId;
        this.#signatures.set(signature.input.tid, signature);
      }
      start = end;
    }
    if (this.#signatures.size > tasks.length) this.#forgetTasksThatAreGone();
  }

  /**
   * Follows a change of the capture (already applied to the graph): hashes the changed tasks and their cone, and goes no
   * further where depids stay. Costs in proportion to the cone.
   *
   * @param seeds tasks whose own inputs changed, new and removed ones included
   * @returns what changed, in the order of hashing
   */
  async update(seeds: Iterable<Tid>, build: BuildInputs = {}): Promise<readonly SignatureChange[]> {
    this.#begin(build);
    const { tasks, positions, generation, generationEnds, dependents } = this.#graph.hashPlan;
    const changes: SignatureChange[] = [];
    const dirty: Set<number>[] = generationEnds.map(() => new Set());
    const mark = (position: number) => dirty[generation[position] as number]?.add(position);
    for (const tid of seeds) {
      const position = positions.get(tid);
      const before = this.#signatures.get(tid);
      if (position !== undefined) mark(position);
      else if (before !== undefined) {
        this.#signatures.delete(tid);
        changes.push({ tid, before, after: undefined });
      }
    }
    for (const marked of dirty) {
      if (marked.size === 0) continue;
      const batch = [...marked].sort((a, b) => a - b);
      const requests: DepIdRequest[] = [];
      const drafts = batch.map((position) => {
        const task = tasks[position] as Task;
        return this.#hash(task, task.hashdeps.map(this.#depidOf), requests);
      });
      const answer = this.generator.depids(requests);
      const depids = answer instanceof Promise ? await answer : answer;
      batch.forEach((position, i) => {
        const after = drafts[i] as Draft;
        after.depid = depids[i] as DepId;
        const { tid } = after.input;
        const before = this.#signatures.get(tid);
        this.#signatures.set(tid, after);
        if (before?.taskhash !== after.taskhash || before.depid !== after.depid) changes.push({ tid, before, after });
        if (before?.depid === after.depid) return;
        const end = dependents.starts[position + 1] as number;
        for (let k = dependents.starts[position] as number; k < end; k++) mark(dependents.items[k] as number);
      });
    }
    return changes;
  }

  #forgetTasksThatAreGone(): void {
    for (const tid of this.#signatures.keys()) {
      if (!this.#graph.has(tid)) this.#signatures.delete(tid);
    }
  }

  #begin(build: BuildInputs): void {
    this.#build = build;
    this.#askAll = build.setscene === undefined ? !this.#graph.hasSetscene : build.setscene.size === 0;
  }

  /** A signature that lacks its depid, for which it puts a request behind `requests`. */
  #hash(task: Task, depids: readonly DepId[], requests: DepIdRequest[]): Draft {
    const input = taskHashInput(task, depids, this.#build.taints?.get(task.tid) ?? task.taint);
    const taskhash = this.generator.taskhash(input);
    requests.push({ task, taskhash, askable: this.#askAll || (this.#build.setscene?.has(task.tid) ?? task.setscene) });
    return { input, taskhash, depid: depIdOf(taskhash) };
  }

  readonly #depidOf = (tid: Tid): DepId => this.get(tid).depid;
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
  const lines = [...graph.tids].sort(byCodePoint).map((tid) => `${tid} ${signatures.get(tid).taskhash}\n`);
  return sha256Hex(lines.join(""));
}
