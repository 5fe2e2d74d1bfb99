import { type Brand, byCodePoint, sha256Hex, splitTid, type Tid } from "@depid/hash";
import type { HistoryStep, Task, TaskGraph } from "@depid/task-graph";
import { ReplayError } from "./errors.ts";
import type { OutcomeChain } from "./outcome-chain.ts";
import type { KnownOutput, Outcome, OutputSource } from "./outcome-model.ts";

/** What a task produced, as the outcome model has it. Two digests, since a contained change shows only within the recipe. */
export interface Content {
  /** What the task's output is. */
  readonly output: string;
  /** What dependents in other recipes see of it. */
  readonly outward: string;
}

/** One text for a store to keep; the inverse of `parseContent`. */
export function formatContent({ output, outward }: Content): string {
  return `${output}:${outward}`;
}

export function parseContent(text: string): Content {
  const [output = "", outward = ""] = text.split(":");
  return { output, outward };
}

/**
 * A task across versions of its recipe: `[mc:config:]pn:task`. A tid carries the version in the name of the recipe file, this
 * does not.
 */
export type TaskKey = Brand<string, "TaskKey">;

export function taskKeyOf(task: Task): TaskKey {
  const { config } = splitTid(task.tid);
  return `${config === "" ? "" : `mc:${config}:`}${task.pn}:${task.task}` as TaskKey;
}

/**
 * The truth: the content that each task has in a clean build of each step. It is a digest of the task's own *effective* inputs
 * (those of the last change that was not neutral) and of the contents of the dependencies that were in them (design, section 3);
 * where it is known which output came out, that decides.
 */
export class Contents {
  readonly #chain: OutcomeChain;
  readonly #graph: TaskGraph;
  readonly #keys = new Map<Tid, TaskKey>();
  readonly #own = new Map<TaskKey, string>();
  readonly #effective = new Map<TaskKey, EffectiveInputs>();
  /** What own inputs came to that were there before, by their digest: the same inputs make the same output again. */
  readonly #known = new Map<TaskKey, Map<string, EffectiveInputs>>();
  /** Effective inputs as they were after each step that changed them. */
  readonly #past = new Map<TaskKey, { readonly step: number; readonly effective: EffectiveInputs }[]>();
  readonly #steps: Pick<HistoryStep, "step" | "id" | "commits">[] = [];
  /** As it follows from inputs, where recorded outputs say otherwise. */
  readonly #derived = new Map<TaskKey, Content>();
  /** What recorded outputs made of a content that followed from inputs, by the latter's text. */
  readonly #settled = new Map<TaskKey, Map<string, Content>>();
  readonly #truth = new Map<TaskKey, Content>();
  /** By place of the source in the chain. */
  readonly #recorded = new Map<number, Map<TaskKey, RecordedContent[]>>();
  /** Place of the source that decided the last change of a task's own inputs. */
  readonly #decidedAt = new Map<TaskKey, number>();
  /** Tasks whose output a source told in the present step, or knew where it names the task's hash, with its place. */
  readonly #told = new Map<Tid, number>();
  readonly #unique: ReadonlySet<string>;
  readonly #uniqueByLabel = new Set<TaskKey>();

  /** @param unique names of tasks whose output names their own hash, with `do_` */
  constructor(graph: TaskGraph, chain: OutcomeChain, unique: ReadonlySet<string> = new Set()) {
    this.#graph = graph;
    this.#chain = chain;
    this.#unique = unique;
  }

  /**
   * Follows a step that is already applied to the graph.
   *
   * @param before rows that the step replaced or removed
   * @throws {ReplayError} when an outcome names a commit that no step so far has
   */
  async apply(step: HistoryStep, before: readonly Task[]): Promise<void> {
    this.#steps.push(step);
    this.#told.clear();
    for (const task of step.change.upsert) this.#keys.set(task.tid, taskKeyOf(task));
    const seeds = [...step.change.upsert.map((task) => task.tid), ...step.change.remove];
    for (const { source } of this.#chain.outputSources) await source.follow(this.#graph, seeds, step);
    const previous = new Map(before.map((task) => [taskKeyOf(task), task]));
    for (const after of step.change.upsert) this.#applyTask(step, previous.get(taskKeyOf(after)), after);
    for (const generation of this.#graph.generations) {
      for (const tid of generation) this.#settle(tid);
    }
    this.#chain.endStep((tid) => this.#toldAbove(tid));
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
    const truth = this.#truth.get(key);
    const derived = this.#derived.get(key);
    if (truth !== undefined && derived !== undefined && isSame(derived, made)) return truth;
    return this.#settled.get(key)?.get(formatContent(made)) ?? made;
  }

  /** Whether the task's output names its own hash: by a label, or by the list of such tasks unless a recording disproves it. */
  namesItself(task: Task): boolean {
    return this.#isUnique(this.keyOf(task.tid), task.task);
  }

  #isUnique(key: TaskKey, task: string): boolean {
    return this.#uniqueByLabel.has(key) || (this.#unique.has(task) && !this.#chain.provedEqual.has(key));
  }

  /** @returns the content as it follows from inputs alone */
  #derive(key: TaskKey, held: (dependency: TaskKey) => Content | undefined): Content {
    const effective = this.#effective.get(key);
    if (effective === undefined) return NOTHING;
    return {
      output: this.#digest(effective.output, held, true),
      outward: this.#digest(effective.outward, held, false),
    };
  }

  /** @param within whether contained changes of dependencies in the same recipe are seen */
  #digest(inputs: OwnInputs, held: (dependency: TaskKey) => Content | undefined, within: boolean): string {
    let text = inputs.digest;
    inputs.deps.forEach((key, i) => {
      const content = inputs.frozen.get(key) ?? held(key) ?? this.#truth.get(key) ?? NOTHING;
      text += within && inputs.inRecipe[i] === true ? content.output : content.outward;
    });
    return sha256Hex(text);
  }

  /** Finds the truth of a task, when those of its dependencies are found: what follows from inputs, unless a recorded output tells another. */
  #settle(tid: Tid): void {
    const key = this.keyOf(tid);
    const last = this.#derived.get(key);
    const derived = this.#derive(key, (dependency) => this.#truth.get(dependency));
    const text = formatContent(derived);
    let truth = this.#settled.get(key)?.get(text) ?? derived;
    const decidedAt = this.#decidedAt.get(key);
    const sources = this.#chain.outputSources;
    const teller = sources.find(
      ({ source, place }) => !(decidedAt !== undefined && decidedAt < place) && this.#tells(tid, source, place),
    );
    if (teller !== undefined) {
      this.#told.set(tid, teller.place);
      truth = this.#reconcile(tid, teller.source, teller.place, derived);
      const settled = this.#settled.get(key);
      if (settled === undefined) this.#settled.set(key, new Map([[text, truth]]));
      else settled.set(text, truth);
      if (last !== undefined && !isSame(last, derived)) this.#chain.countOutput(teller.place);
    }
    // What names its own hash is another output whenever it is made again: there is no more to be told of it.
    const unique = sources.find(({ source }) => source.outputOf(tid) !== undefined);
    if (teller === undefined && unique !== undefined && this.#isUnique(key, taskOf(key))) {
      this.#told.set(tid, unique.place);
    }
    for (const { source, place } of sources) this.#record(key, source.outputOf(tid), place, truth);
    this.#derived.set(key, derived);
    this.#truth.set(key, truth);
  }

  /**
   * Whether a recorded output tells something: it was there before, under another taskhash, or it is another one than before. Another outhash tells nothing
   * if it holds something else beside the output, or if the output names the task's hash; and what is known of the same taskhash is no news.
   */
  #tells(tid: Tid, source: OutputSource, place: number): boolean {
    const known = source.outputOf(tid);
    if (known === undefined) return false;
    const key = this.keyOf(tid);
    const records = this.#recorded.get(place)?.get(key) ?? [];
    const equal = records.find((it) => it.known.output === known.output);
    if (equal !== undefined) return known.taskhash === "" || !equal.taskhashes.has(known.taskhash);
    return !this.#isUnique(key, taskOf(key)) && records.some((it) => it.known.extra === known.extra);
  }

  /** Place of a source if all outputs that a task goes into, on all ways up, were told; `undefined` if there is a way past them, or none at all. */
  #toldAbove(tid: Tid): number | undefined {
    const own = this.#told.get(tid);
    if (own !== undefined) return own;
    const { positions, tasks, dependents } = this.#graph.hashPlan;
    const seen = new Set<number>();
    const open = [positions.get(tid) as number];
    let place: number | undefined;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const [start, end] = [dependents.starts[at] as number, dependents.starts[at + 1] as number];
      if (start === end) return undefined;
      for (let k = start; k < end; k++) {
        const above = dependents.items[k] as number;
        if (seen.has(above)) continue;
        seen.add(above);
        const told = this.#told.get((tasks[above] as Task).tid);
        if (told === undefined) open.push(above);
        else place = Math.min(told, place ?? told);
      }
    }
    return place;
  }

  /** The content of a task whose output tells. An equal output is the content of then; another one is another content, even where inputs say it is the same. */
  #reconcile(tid: Tid, source: OutputSource, place: number, derived: Content): Content {
    const key = this.keyOf(tid);
    const known = source.outputOf(tid) as KnownOutput;
    const records = this.#recorded.get(place)?.get(key) ?? [];
    const equal = records.find((it) => it.known.output === known.output);
    if (equal !== undefined) {
      if (known.taskhash !== "" && equal.taskhashes.size > 0) this.#chain.noteProvedEqual(key);
      return equal.content;
    }
    const isOther = records.some((it) => it.known.extra === known.extra && it.content.output === derived.output);
    if (!isOther) return derived;
    return {
      output: sha256Hex(`${derived.output} ${known.output}`),
      outward: sha256Hex(`${derived.outward} ${known.output}`),
    };
  }

  #record(key: TaskKey, known: KnownOutput | undefined, place: number, content: Content): void {
    if (known === undefined) return;
    const ofSource = this.#recorded.get(place) ?? new Map<TaskKey, RecordedContent[]>();
    this.#recorded.set(place, ofSource);
    const records = ofSource.get(key) ?? [];
    ofSource.set(key, records);
    let record = records.find((it) => it.known.output === known.output);
    if (record === undefined) {
      record = { known, taskhashes: new Set(), content };
      records.push(record);
    }
    if (known.taskhash !== "") record.taskhashes.add(known.taskhash);
  }

  #applyTask(step: HistoryStep, before: Task | undefined, after: Task): void {
    const key = taskKeyOf(after);
    const deps = [...new Set(after.hashdeps.map((tid) => this.keyOf(tid)))].sort(byCodePoint);
    const digest = sha256Hex([ownText(after), ...deps].join("\n"));
    const inRecipe = deps.map((dependency) => recipeOf(dependency) === recipeOf(key));
    const own: OwnInputs = { digest, deps, inRecipe, frozen: new Map() };
    const known = this.#effective.get(key);
    if (known === undefined || before === undefined) {
      this.#decidedAt.delete(key);
      this.#put(step, key, digest, { output: own, outward: own });
      return;
    }
    if (digest === this.#own.get(key)) return;
    const again = this.#known.get(key)?.get(digest);
    const decided = this.#chain.decide(
      { step, before, after },
      (at) => this.#tells(after.tid, this.#chain.sources[at] as OutputSource, at),
      again !== undefined,
    );
    if (decided === undefined) this.#decidedAt.delete(key);
    else this.#decidedAt.set(key, decided.place);
    const { outcome = "propagating" } = decided ?? {};
    this.#put(step, key, digest, this.#effectOf(outcome, key, own, known));
  }

  #effectOf(outcome: Outcome, key: TaskKey, own: OwnInputs, known: EffectiveInputs): EffectiveInputs {
    if (typeof outcome === "object") {
      const then = this.#effectiveAt(key, outcome.as) ?? known;
      return { output: this.#freeze(then.output, own.deps), outward: this.#freeze(then.outward, own.deps) };
    }
    if (outcome === "unique") this.#uniqueByLabel.add(key);
    const again = this.#known.get(key)?.get(own.digest);
    if (outcome !== "neutral" && again !== undefined) return again;
    return {
      output: outcome === "neutral" ? this.#freeze(known.output, own.deps) : own,
      outward: outcome === "neutral" || outcome === "contained" ? this.#freeze(known.outward, own.deps) : own,
    };
  }

  #put(step: HistoryStep, key: TaskKey, digest: string, effective: EffectiveInputs): void {
    this.#own.set(key, digest);
    this.#effective.set(key, effective);
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, new Map([[digest, effective]]));
    else known.set(digest, effective);
    const past = this.#past.get(key);
    if (past === undefined) this.#past.set(key, [{ step: step.step, effective }]);
    else past.push({ step: step.step, effective });
  }

  /** What the task's own inputs came to at the step of a commit; `undefined` if the task was not there then. */
  #effectiveAt(key: TaskKey, commit: string): EffectiveInputs | undefined {
    const step = this.#steps.find((it) => hasCommit(it, commit));
    if (step === undefined) {
      const at = this.#steps.at(-1)?.step ?? 0;
      throw new ReplayError(`as: ${commit}: expected a commit of the steps 0 to ${at}, found none that begins so`);
    }
    return this.#past.get(key)?.findLast((it) => it.step <= step.step)?.effective;
  }

  /** A dependency that is none any more, though nothing came of it, keeps the content it had; one that is back does not. */
  #freeze(inputs: OwnInputs, deps: readonly TaskKey[]): OwnInputs {
    const present = new Set(deps);
    const gone = inputs.deps.filter((key) => !present.has(key));
    if (gone.length === 0 && inputs.frozen.size === 0) return inputs;
    return {
      ...inputs,
      frozen: new Map(gone.map((key) => [key, inputs.frozen.get(key) ?? this.#truth.get(key) ?? NOTHING])),
    };
  }
}

/** Whether a step is known by a commit, of which either side may be shortened. */
export function hasCommit({ id, commits }: Pick<HistoryStep, "id" | "commits">, commit: string): boolean {
  const ids = [id, ...commits.map((it) => it.id)].filter((it) => it !== "");
  return ids.some((it) => it.startsWith(commit) || commit.startsWith(it));
}

/** A content that was settled by a recorded output. */
interface RecordedContent {
  readonly known: KnownOutput;
  /** Under which it came out so far. */
  readonly taskhashes: Set<string>;
  readonly content: Content;
}

/** A task's own inputs as far as its output goes. */
interface OwnInputs {
  /** Of metadata, files, taint and the keys of the dependencies. */
  readonly digest: string;
  readonly deps: readonly TaskKey[];
  /** Of each dependency, whether it is in the task's own recipe. */
  readonly inRecipe: readonly boolean[];
  /** Contents of those that are no dependencies any more. */
  readonly frozen: ReadonlyMap<TaskKey, Content>;
}

/** The inputs that count for the output itself, and those that count for what other recipes see of it. */
interface EffectiveInputs {
  readonly output: OwnInputs;
  readonly outward: OwnInputs;
}

function isSame(a: Content, b: Content): boolean {
  return a.output === b.output && a.outward === b.outward;
}

const NOTHING: Content = { output: "", outward: "" };

function ownText({ basehash, files, taint }: Task): string {
  const tainted = taint === undefined || taint.startsWith("nostamp:") ? "" : taint;
  return [basehash, ...files.map(([name, checksum]) => `${name}=${checksum ?? ""}`), tainted].join("\n");
}

/** With `do_`. */
function taskOf(key: TaskKey): string {
  return key.slice(key.lastIndexOf(":") + 1);
}

function recipeOf(key: TaskKey): string {
  return key.slice(0, key.lastIndexOf(":"));
}
