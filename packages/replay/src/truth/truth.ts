import { sha256Hex, type Tid } from "@depid/hash";
import type { HistoryStep, Task, TaskGraph } from "@depid/task-graph";
import type { Decision, OutcomeDecisions } from "../outcomes/decisions.ts";
import type { OutcomeChain } from "../outcomes/outcome-chain.ts";
import type { OutputSource } from "../outcomes/outcome-model.ts";
import { type TaskKey, taskKeyOf, taskOfKey } from "../task-key.ts";
import { type Content, isSameContent, NOTHING } from "./content.ts";
import { InputLedger, type OwnInputs, ownInputsOf } from "./effective-inputs.ts";
import { ToldOutputs } from "./told-outputs.ts";

/**
 * The truth: the content that each task has in a clean build of each step. It is a digest of the task's own *effective* inputs
 * (those of the last change that was not neutral) and of the contents of the dependencies that were in them (design, section 3);
 * where it is known which output came out, that decides.
 */
export class Contents {
  readonly #chain: OutcomeChain;
  readonly #graph: TaskGraph;
  readonly #keys = new Map<Tid, TaskKey>();
  readonly #inputs = new InputLedger((key) => this.#truth.get(key));
  readonly #outputs: ToldOutputs;
  readonly #knowsOutputs: boolean;
  /** As it follows from inputs, where recorded outputs say otherwise. */
  readonly #derived = new Map<TaskKey, Content>();
  readonly #truth = new Map<TaskKey, Content>();
  /** Place of the source that decided the last change of a task's own inputs. */
  readonly #decidedAt = new Map<TaskKey, number>();
  readonly #unique: ReadonlySet<string>;
  readonly #uniqueByLabel = new Set<TaskKey>();
  readonly #changes: Decision[] = [];
  readonly #told = new Map<number, number>();

  /** @param unique names of tasks whose output names their own hash, with `do_` */
  constructor(graph: TaskGraph, chain: OutcomeChain, unique: ReadonlySet<string> = new Set()) {
    this.#graph = graph;
    this.#chain = chain;
    this.#unique = unique;
    this.#outputs = new ToldOutputs(chain);
    this.#knowsOutputs = chain.outputSources.length > 0;
  }

  /**
   * Follows a step that is already applied to the graph.
   *
   * @param before rows that the step replaced or removed
   * @throws {ReplayError} when an outcome names a commit that no step so far has
   */
  async apply(step: HistoryStep, before: readonly Task[]): Promise<void> {
    this.#inputs.begin(step);
    this.#outputs.begin();
    for (const task of step.change.upsert) this.#keys.set(task.tid, taskKeyOf(task));
    const seeds = [...step.change.upsert.map((task) => task.tid), ...step.change.remove];
    for (const { source } of this.#chain.outputSources) await source.follow(this.#graph, seeds, step);
    const previous = new Map(before.map((task) => [taskKeyOf(task), task]));
    const decided = step.change.upsert.flatMap(
      (after) => this.#applyTask(step, previous.get(taskKeyOf(after)), after) ?? [],
    );
    for (const generation of this.#graph.generations) {
      for (const tid of generation) this.#settle(tid);
    }
    for (const { tid, decision } of decided) this.#changes.push(this.#withAbove(tid, decision));
  }

  /** What decided the outcomes so far. */
  get decisions(): OutcomeDecisions {
    return { changes: this.#changes, outputs: this.#told, provedEqual: this.#outputs.provedEqual };
  }

  /** Key of a task that was in any step so far. */
  keyOf(tid: Tid): TaskKey {
    return this.#keys.get(tid) ?? taskKeyOf(this.#graph.get(tid));
  }

  /** Content of the task in a clean build of the present step. */
  truthOf(tid: Tid): Content {
    return this.#truth.get(this.keyOf(tid)) ?? NOTHING;
  }

  /**
   * Content that the task produces from what its dependencies hold.
   *
   * @param held content of a dependency; where it is undefined the truth is taken
   */
  contentOf(tid: Tid, held: (dependency: TaskKey) => Content | undefined): Content {
    const key = this.keyOf(tid);
    const made = this.#derive(key, held);
    if (!this.#knowsOutputs) return made;
    const truth = this.#truth.get(key);
    const derived = this.#derived.get(key);
    if (truth !== undefined && derived !== undefined && isSameContent(derived, made)) return truth;
    return this.#outputs.settled(key, made) ?? made;
  }

  /** Whether the task's output names its own hash: by a label, or by the list of such tasks unless a recording disproves it. */
  namesItself(task: Task): boolean {
    return this.#isUnique(this.keyOf(task.tid));
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
    const key = taskKeyOf(after);
    const own = ownInputsOf(
      after,
      key,
      after.hashdeps.map((tid) => this.keyOf(tid)),
    );
    if (before === undefined || this.#inputs.find(key) === undefined) {
      this.#decidedAt.delete(key);
      this.#inputs.add(key, own);
      return undefined;
    }
    if (!this.#inputs.isChanged(key, own)) return undefined;
    const task = { tid: after.tid, key, isUnique: this.#isUnique(key) };
    const decided = this.#chain.decide(
      { step, before, after },
      (place) => this.#outputs.tells({ source: this.#chain.sources[place] as OutputSource, place }, task),
      this.#inputs.isRevert(key, own),
    );
    if (decided === undefined) this.#decidedAt.delete(key);
    else this.#decidedAt.set(key, decided.place);
    const { outcome = "propagating", place, label } = decided ?? {};
    if (outcome === "unique") this.#uniqueByLabel.add(key);
    this.#inputs.change(key, own, outcome);
    const of = { step: step.step, pn: after.pn, task: after.task };
    return { tid: after.tid, decision: { ...of, place, ...(label === undefined ? {} : { label }) } };
  }

  /** A source of outputs may be surer than what decided, though it had nothing to compare at the task itself. */
  #withAbove(tid: Tid, decision: Decision): Decision {
    const { place } = decision;
    if (place === undefined || !this.#knowsOutputs || this.#chain.isSure(place)) return decision;
    const above = this.#outputs.toldAbove(tid, this.#graph);
    return above === undefined || above > place ? decision : { ...decision, above };
  }

  /** Finds the truth of a task, when those of its dependencies are found. */
  #settle(tid: Tid): void {
    const key = this.keyOf(tid);
    const derived = this.#derive(key, (dependency) => this.#truth.get(dependency));
    if (!this.#knowsOutputs) {
      this.#truth.set(key, derived);
      return;
    }
    const last = this.#derived.get(key);
    const task = { tid, key, derived, isUnique: this.#isUnique(key) };
    const { truth, teller } = this.#outputs.settle(task, this.#decidedAt.get(key));
    if (teller !== undefined && last !== undefined && !isSameContent(last, derived))
      this.#told.set(teller, (this.#told.get(teller) ?? 0) + 1);
    this.#derived.set(key, derived);
    this.#truth.set(key, truth);
  }

  /** @returns the content as it follows from inputs alone */
  #derive(key: TaskKey, held: (dependency: TaskKey) => Content | undefined): Content {
    const effective = this.#inputs.find(key);
    if (effective === undefined) return NOTHING;
    const within = this.#textOf(effective.output, held, true);
    const without = this.#textOf(effective.outward, held, false);
    const output = sha256Hex(within);
    return { output, outward: without === within ? output : sha256Hex(without) };
  }

  /** @param within whether contained changes of dependencies in the same recipe are seen */
  #textOf(inputs: OwnInputs, held: (dependency: TaskKey) => Content | undefined, within: boolean): string {
    let text = inputs.digest;
    inputs.deps.forEach((key, i) => {
      const content = inputs.frozen.get(key) ?? held(key) ?? this.#truth.get(key) ?? NOTHING;
      text += within && inputs.inRecipe[i] === true ? content.output : content.outward;
    });
    return text;
  }
}
