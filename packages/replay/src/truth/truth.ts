import { byCodePoint, sha256Hex, type Tid } from "@depid/hash";
import type { HistoryStep, Task, TaskGraph } from "@depid/task-graph";
import type { Decision, OutcomeDecisions } from "../outcomes/decisions.ts";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { OutputSource } from "../outcomes/outcome-model.ts";
import { recipeOfKey, type TaskKey, taskKeyOf, taskOfKey } from "../task-key.ts";
import { type Content, ContentPool, isSameContent, NOTHING, viewOf } from "./content.ts";
import { type EffectiveInputs, InputLedger, type OwnInputs, ownInputsOf } from "./effective-inputs.ts";
import { type Runs, runMarkOf } from "./run-mark.ts";
import { TaskSlots } from "./task-slots.ts";
import { ToldOutputs } from "./told-outputs.ts";

/**
 * By task, its dependencies that who uses its output meets in it, though they leave no trace in the tree that is hashed: a tool that runs with another one's
 * library. Both across versions of their recipes.
 */
export type UnseenDeps = ReadonlyMap<TaskKey, readonly TaskKey[]>;

/** Contents as a builder has them. */
export type BuilderContents = Pick<
  Contents,
  "slots" | "pool" | "slotOf" | "slotsOf" | "truthOf" | "truthIn" | "contentIn" | "madeIn" | "namesItself"
>;

/** Content of a dependency, by its slot. */
type ContentOf = (slot: number) => Content | undefined;

/**
 * The truth: the content that each task has in a clean build of each step. It is a digest of the task's own *effective* inputs
 * (those of the last change that was not neutral) and of the contents of the dependencies that were in them (design, section 3);
 * where it is known which output came out, that decides. Equal contents are one object.
 */
export class Contents {
  readonly slots: TaskSlots = new TaskSlots();
  readonly pool: ContentPool = new ContentPool();
  readonly #chain: OutcomeChain;
  readonly #graph: TaskGraph;
  readonly #inputs = new InputLedger((slot) => this.#truth[slot]);
  readonly #outputs: ToldOutputs;
  readonly #knowsOutputs: boolean;
  /** As it follows from inputs, where recorded outputs say otherwise. */
  readonly #derived = new Map<TaskKey, Content>();
  /** By slot. */
  readonly #truth: Content[] = [];
  /** Place of the source that decided the last change of a task's own inputs. */
  readonly #decidedAt = new Map<TaskKey, number>();
  readonly #unique: ReadonlySet<string>;
  readonly #unseenDeps: UnseenDeps;
  /** Whether anything may be seen by some and not by others: a reach, or an unseen dependency. */
  #isSeenInPart: boolean;
  readonly #uniqueByLabel = new Set<TaskKey>();
  readonly #changes: Decision[] = [];
  readonly #told = new Map<number, number>();
  #changed: readonly Tid[] = [];
  #decided: readonly Decision[] = [];
  #slotsOf = new WeakMap<readonly Tid[], Int32Array>();

  /**
   * @param unique names of tasks whose output names their own hash, with `do_`
   * @param unseenDeps dependencies that pass through a task's output, where the output hash does not see them
   */
  constructor(
    graph: TaskGraph,
    chain: OutcomeChain,
    unique: ReadonlySet<string> = new Set(),
    unseenDeps: UnseenDeps = new Map(),
  ) {
    this.#graph = graph;
    this.#chain = chain;
    this.#unique = unique;
    this.#unseenDeps = unseenDeps;
    this.#isSeenInPart = unseenDeps.size > 0;
    this.#outputs = new ToldOutputs(chain);
    this.#knowsOutputs = chain.outputSources.length > 0;
  }

  /**
   * Follows a step that is already applied to the graph. Without recorded outputs it costs in proportion to what changed and what depends on it.
   *
   * @param before rows that the step replaced or removed
   * @throws {ReplayError} when an outcome names a commit that no step so far has
   */
  async apply(step: HistoryStep, before: readonly Task[]): Promise<void> {
    this.#inputs.begin(step);
    this.#outputs.begin();
    for (const task of step.change.upsert) {
      const slot = this.slots.find(task.tid);
      if (this.slots.add(task) !== slot && slot !== undefined) this.#slotsOf = new WeakMap();
    }
    const seeds = [...step.change.upsert.map((task) => task.tid), ...step.change.remove];
    for (const { source } of this.#chain.outputSources) await source.follow(this.#graph, seeds, step);
    const previous = new Map(before.map((task) => [taskKeyOf(task), task]));
    const decided = step.change.upsert.flatMap(
      (after) => this.#applyTask(step, previous.get(taskKeyOf(after)), after) ?? [],
    );
    this.#changed = this.#settleAll(step.change.upsert);
    const changed = new Set(this.#changed);
    this.#decided = decided.map(({ tid, decision }) => {
      const shows = decision.shows && changed.has(tid);
      return this.#withAbove(tid, { ...decision, shows });
    });
    this.#changes.push(...this.#decided);
  }

  /** What decided the outcomes so far. */
  get decisions(): OutcomeDecisions {
    return { changes: this.#changes, outputs: this.#told, provedEqual: this.#outputs.provedEqual };
  }

  /** What decided in the present step. */
  get decided(): readonly Decision[] {
    return this.#decided;
  }

  /** Tasks that have another truth since the last step, or none before. */
  get changed(): readonly Tid[] {
    return this.#changed;
  }

  /** Slot of a task that was in any step so far. */
  slotOf(tid: Tid): number {
    return this.slots.find(tid) ?? this.slots.add(this.#graph.get(tid));
  }

  /** Slots of tasks, in their order. Is remembered for the list. */
  slotsOf(tids: readonly Tid[]): Int32Array {
    let slots = this.#slotsOf.get(tids);
    if (slots === undefined) {
      slots = Int32Array.from(tids, (tid) => this.slotOf(tid));
      this.#slotsOf.set(tids, slots);
    }
    return slots;
  }

  /** Content of the task in a clean build of the present step. */
  truthOf(tid: Tid): Content {
    return this.truthIn(this.slotOf(tid));
  }

  /** The same, by slot. */
  truthIn(slot: number): Content {
    return this.#truth[slot] ?? NOTHING;
  }

  /**
   * Content that the task in a slot produces from what its dependencies hold.
   *
   * @param held content of a dependency, of the pool; where it is undefined the truth is taken
   */
  contentIn(slot: number, held: ContentOf): Content {
    if (!this.#seesOther(this.#inputs.find(slot), held)) return this.truthIn(slot);
    const made = this.#derive(slot, held);
    if (!this.#knowsOutputs) return made;
    const key = this.slots.keyOf(slot);
    const truth = this.#truth[slot];
    const derived = this.#derived.get(key);
    if (truth !== undefined && derived !== undefined && isSameContent(derived, made)) return truth;
    return this.#outputs.settled(key, made) ?? made;
  }

  /**
   * The same of a run that may give another output than its inputs usually give.
   *
   * @param runs what comes of runs in the build; absent: what usually does
   */
  madeIn(slot: number, held: ContentOf, runs?: Runs): Content {
    const usual = this.contentIn(slot, held);
    const inputs = this.#inputs.find(slot);
    if (runs === undefined || inputs === undefined) return usual;
    const run = runMarkOf(runs(slot), inputs, held);
    return run === undefined ? usual : this.pool.of({ ...usual, run });
  }

  /** Whether the task's output names its own hash: by a label, or by the list of such tasks unless a recording disproves it. */
  namesItself(task: Task): boolean {
    return this.#isUnique(this.slots.keyOf(this.slotOf(task.tid)));
  }

  #isUnique(key: TaskKey): boolean {
    return this.#uniqueByLabel.has(key) || (this.#unique.has(taskOfKey(key)) && !this.#outputs.provedEqual.has(key));
  }

  /** @returns what decided, if the task's own inputs changed */
  #applyTask(
    step: HistoryStep,
    before: Task | undefined,
    after: Task,
  ): { readonly tid: Tid; readonly decision: Decision } | undefined {
    const slot = this.slotOf(after.tid);
    const key = this.slots.keyOf(slot);
    const deps = after.hashdeps.map((tid) => this.slotOf(tid));
    const own = ownInputsOf(after, slot, deps, this.slots);
    if (before === undefined || this.#inputs.find(slot) === undefined) {
      this.#decidedAt.delete(key);
      this.#inputs.add(slot, own);
      return undefined;
    }
    if (!this.#inputs.isChanged(slot, own)) return undefined;
    const task = { tid: after.tid, key, isUnique: this.#isUnique(key) };
    const decided = this.#chain.decide(
      { step, before, after },
      (place) => this.#outputs.tells({ source: this.#chain.sources[place] as OutputSource, place }, task),
      this.#inputs.isRevert(slot, own),
    );
    if (decided === undefined) this.#decidedAt.delete(key);
    else this.#decidedAt.set(key, decided.place);
    const { outcome = "propagating", place, label } = decided ?? {};
    if (outcome === "unique") this.#uniqueByLabel.add(key);
    if (typeof outcome === "object" && !("as" in outcome)) this.#isSeenInPart = true;
    this.#inputs.change(slot, own, outcome);
    const of = { step: step.step, pn: after.pn, task: after.task, shows: outcome !== "neutral" };
    return { tid: after.tid, decision: { ...of, place, ...(label === undefined ? {} : { label }) } };
  }

  /** A source of outputs may be surer than what decided, though it had nothing to compare at the task itself. */
  #withAbove(tid: Tid, decision: Decision): Decision {
    const { place } = decision;
    if (place === undefined || !this.#knowsOutputs || this.#chain.isSure(place)) return decision;
    const above = this.#outputs.toldAbove(tid, this.#graph);
    return above === undefined || above > place ? decision : { ...decision, above };
  }

  /**
   * Finds the truths of all tasks that may have another one, each after those of its dependencies. What is recorded of outputs may tell of any task;
   * without that, a truth is another one only where the row changed or a dependency's truth did.
   *
   * @returns those that have another one
   */
  #settleAll(upsert: readonly Task[]): Tid[] {
    const { tasks, slots, order, places, generation, generations, dependents } = this.#graph.hashPlan;
    const changed: Tid[] = [];
    const dirty: number[][] = Array.from({ length: generations }, () => []);
    const isDirty = new Uint8Array(tasks.length);
    const mark = (slot: number): void => {
      if (isDirty[slot] === 1) return;
      isDirty[slot] = 1;
      dirty[generation[slot] as number]?.push(slot);
    };
    if (this.#knowsOutputs) for (const slot of order) mark(slot);
    else for (const { tid } of upsert) mark(slots.get(tid) as number);
    for (const marked of dirty) {
      for (const slot of marked.sort((a, b) => (places[a] as number) - (places[b] as number))) {
        const { tid } = tasks[slot] as Task;
        if (!this.#settle(tid)) continue;
        changed.push(tid);
        for (const dependent of dependents[slot] as readonly number[]) mark(dependent);
      }
    }
    return changed;
  }

  /** Finds the truth of a task, when those of its dependencies are found. @returns whether it is another one */
  #settle(tid: Tid): boolean {
    const slot = this.slotOf(tid);
    const before = this.#truth[slot];
    const derived = this.#derive(slot, (dependency) => this.#truth[dependency]);
    const truth = this.#knowsOutputs ? this.pool.of(this.#reconcile(tid, slot, derived)) : derived;
    this.#truth[slot] = truth;
    return truth !== before;
  }

  /** The truth of a task by what is recorded of its output. */
  #reconcile(tid: Tid, slot: number, derived: Content): Content {
    const key = this.slots.keyOf(slot);
    const last = this.#derived.get(key);
    const task = { tid, key, derived, isUnique: this.#isUnique(key) };
    const { truth, teller } = this.#outputs.settle(task, this.#decidedAt.get(key));
    if (teller !== undefined && last !== undefined && !isSameContent(last, derived))
      this.#told.set(teller, (this.#told.get(teller) ?? 0) + 1);
    this.#derived.set(key, derived);
    return truth;
  }

  /** Whether any dependency in the effective inputs holds something else than the truth. */
  #seesOther(inputs: EffectiveInputs | undefined, held: ContentOf): boolean {
    if (inputs === undefined) return false;
    const { output, outward } = inputs;
    return this.#holdsOther(output, held) || (outward !== output && this.#holdsOther(outward, held));
  }

  #holdsOther({ deps }: OwnInputs, held: ContentOf): boolean {
    for (const slot of deps) {
      const content = held(slot);
      if (content !== undefined && content !== this.#truth[slot]) return true;
    }
    return false;
  }

  /** @returns the content as it follows from inputs alone */
  #derive(slot: number, held: ContentOf): Content {
    const effective = this.#inputs.find(slot);
    if (effective === undefined) return NOTHING;
    const within = this.#textOf(slot, effective.output, held, true);
    const without = this.#textOf(slot, effective.outward, held, false);
    const output = sha256Hex(within);
    const content: Content = { output, outward: without === within ? output : sha256Hex(without) };
    const parts = this.#isSeenInPart ? this.#partsOf(slot, effective, content, held) : {};
    return this.pool.of({ ...content, ...parts });
  }

  /** @param within whether contained changes of dependencies in the same recipe are seen */
  #textOf(slot: number, { digest, deps, inRecipe, frozen }: OwnInputs, held: ContentOf, within: boolean): string {
    let text = digest;
    for (let i = 0; i < deps.length; i++) {
      const dependency = deps[i] as number;
      const content = frozen.get(dependency) ?? held(dependency) ?? this.#truth[dependency] ?? NOTHING;
      if (within && inRecipe[i] === true) text += content.output;
      else text += content.views === undefined ? content.outward : viewOf(content, this.#recipeOf(slot));
    }
    return text;
  }

  /** What the output hash, and single recipes, see of a content, where that is not what all see. */
  #partsOf(slot: number, inputs: EffectiveInputs, { output, outward }: Content, held: ContentOf): Partial<Content> {
    const recipe = this.#recipeOf(slot);
    const unseen = this.#unseenDeps.get(this.slots.keyOf(slot)) ?? [];
    const contentOf = (of: OwnInputs, dependency: number): Content =>
      of.frozen.get(dependency) ?? held(dependency) ?? this.#truth[dependency] ?? NOTHING;
    const digestOf = (of: OwnInputs, see: (content: Content, dependency: number, isInRecipe: boolean) => string) =>
      sha256Hex(of.digest + of.deps.map((it, i) => see(contentOf(of, it), it, of.inRecipe[i] === true)).join(""));
    const seen = digestOf(inputs.seen ?? inputs.output, (content, dependency, isInRecipe) => {
      if (unseen.includes(this.slots.keyOf(dependency))) return "";
      // What a recipe's own tasks hand on, sysroots and packages say, they hand on as it is: with what the hash does not see.
      return isInRecipe ? (content.seen ?? content.output) : viewOf(content, recipe);
    });
    const ofRecipe = inputs.outward.deps.filter((_, i) => inputs.outward.inRecipe[i] === true);
    const others = new Set([
      ...(inputs.views?.keys() ?? []),
      ...ofRecipe.flatMap((it) => [...(contentOf(inputs.outward, it).views?.keys() ?? [])]),
    ]);
    const views = [...others].sort(byCodePoint).flatMap((other) => {
      const view = digestOf(inputs.views?.get(other) ?? inputs.outward, (content, _, isInRecipe) =>
        viewOf(content, isInRecipe ? other : recipe),
      );
      return view === outward ? [] : [[other, view] as const];
    });
    return {
      ...(seen === output ? {} : { seen }),
      ...(views.length === 0 ? {} : { views: new Map(views) }),
    };
  }

  #recipeOf(slot: number): string {
    return recipeOfKey(this.slots.keyOf(slot));
  }
}
