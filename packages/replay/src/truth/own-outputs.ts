import { sha256Hex, type Tid } from "@depid/hash";
import type { Task, TaskGraph } from "@depid/task-graph";
import type { Content } from "./content.ts";
import type { Runs } from "./run-mark.ts";
import type { BuilderContents, Contents } from "./truth.ts";

/**
 * Contents as a builder has them on which some tasks come out otherwise than elsewhere with the same inputs: a tool of the host gets into their output, say. Its
 * truth is what a clean build on this builder has; what others made is another content there, and what it made is another one elsewhere.
 */
export class OwnOutputs implements BuilderContents {
  readonly #contents: Contents;
  readonly #graph: TaskGraph;
  readonly #name: string;
  readonly #isOwn: (task: Task) => boolean;
  /** By slot: whether the task comes out otherwise. */
  readonly #own: boolean[] = [];
  /** By slot. */
  readonly #truth: Content[] = [];
  readonly #diverged = new Map<Content, Content>();
  #changed: readonly Tid[] = [];

  /**
   * @param name what makes its outputs others: the same name, the same outputs
   * @param isOwn whether a task comes out otherwise when it runs here
   */
  constructor(contents: Contents, graph: TaskGraph, name: string, isOwn: (task: Task) => boolean) {
    this.#contents = contents;
    this.#graph = graph;
    this.#name = name;
    this.#isOwn = isOwn;
  }

  /** Follows a step that the contents have followed. */
  follow(): void {
    const changed: Tid[] = [];
    // What a task is made from comes before it.
    for (const tid of this.#graph.generations.flat()) {
      const task = this.#graph.get(tid);
      const slot = this.slotOf(task.tid);
      this.#own[slot] = this.#isOwn(task);
      const truth = this.contentIn(slot, () => undefined);
      if (truth !== this.#truth[slot]) changed.push(task.tid);
      this.#truth[slot] = truth;
    }
    this.#changed = changed;
  }

  /** As of `Contents`, of this builder. */
  get changed(): readonly Tid[] {
    return this.#changed;
  }

  get slots(): Contents["slots"] {
    return this.#contents.slots;
  }

  get pool(): Contents["pool"] {
    return this.#contents.pool;
  }

  slotOf(tid: Tid): number {
    return this.#contents.slotOf(tid);
  }

  slotsOf(tids: readonly Tid[]): Int32Array {
    return this.#contents.slotsOf(tids);
  }

  truthOf(tid: Tid): Content {
    return this.truthIn(this.slotOf(tid));
  }

  truthIn(slot: number): Content {
    return this.#truth[slot] ?? this.#contents.truthIn(slot);
  }

  contentIn(slot: number, held: (slot: number) => Content | undefined): Content {
    return this.madeIn(slot, held);
  }

  madeIn(slot: number, held: (slot: number) => Content | undefined, runs?: Runs): Content {
    const content = this.#contents.madeIn(slot, (below) => held(below) ?? this.#truth[below], runs);
    return this.#own[slot] === true ? this.#divert(content) : content;
  }

  namesItself(task: Task): boolean {
    return this.#contents.namesItself(task);
  }

  #divert(content: Content): Content {
    const known = this.#diverged.get(content);
    if (known !== undefined) return known;
    const own = (digest: string): string => sha256Hex(`${digest} ${this.#name}`);
    const { output, outward, seen, views, run } = content;
    const diverged = this.pool.of({
      output: own(output),
      outward: own(outward),
      ...(seen === undefined ? {} : { seen: own(seen) }),
      ...(views === undefined ? {} : { views: new Map([...views].map(([recipe, view]) => [recipe, own(view)])) }),
      ...(run === undefined ? {} : { run }),
    });
    this.#diverged.set(content, diverged);
    return diverged;
  }
}
