import { type Brand, byCodePoint, sha256Hex, splitTid, type Tid } from "@depid/hash";
import type { HistoryStep, Task, TaskGraph } from "@depid/task-graph";
import { ReplayError } from "./errors.ts";
import type { OutcomeChain } from "./outcome-chain.ts";
import type { KnownOutput, Outcome } from "./outcome-model.ts";

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
  readonly #truth = new Map<TaskKey, Content>();
  readonly #recorded = new Map<TaskKey, RecordedContent[]>();
  readonly #uniqueByLabel = new Set<TaskKey>();
  readonly #provedEqual = new Set<string>();

  constructor(graph: TaskGraph, chain: OutcomeChain) {
    this.#graph = graph;
    this.#chain = chain;
  }

  /**
   * Follows a step that is already applied to the graph.
   *
   * @param before rows that the step replaced or removed
   * @throws {ReplayError} when an outcome names a commit that no step so far has
   */
  async apply(step: HistoryStep, before: readonly Task[]): Promise<void> {
    this.#steps.push(step);
    for (const task of step.change.upsert) this.#keys.set(task.tid, taskKeyOf(task));
    const outputs = this.#chain.outputSources;
    if (outputs.length > 0) {
      const seeds = [...step.change.upsert.map((task) => task.tid), ...step.change.remove];
      for (const { source } of outputs) await source.follow(this.#graph, seeds);
    }
    const previous = new Map(before.map((task) => [taskKeyOf(task), task]));
    /** Own changes that a source decided before one of outputs was asked. */
    const decided = new Map<TaskKey, number>();
    for (const after of step.change.upsert) {
      const place = this.#applyTask(step, previous.get(taskKeyOf(after)), after);
      if (place !== undefined) decided.set(taskKeyOf(after), place);
    }
    for (const generation of this.#graph.generations) {
      for (const tid of generation) {
        const key = this.keyOf(tid);
        const derived = this.#derive(key, (dependency) => this.#truth.get(dependency));
        const last = this.#derived.get(key);
        const known = outputs.find(
          ({ source, place }) => !((decided.get(key) ?? place) < place) && source.outputOf(tid) !== undefined,
        );
        const output = known?.source.outputOf(tid);
        const truth = output === undefined ? derived : this.#reconcile(key, output, derived);
        if (known !== undefined && last !== undefined && !isSame(last, derived)) this.#chain.countOutput(known.place);
        this.#derived.set(key, derived);
        this.#truth.set(key, truth);
      }
    }
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
    return truth !== undefined && derived !== undefined && isSame(derived, made) ? truth : made;
  }

  /** Whether a label says that the task's output names its own hash. */
  isLabelledUnique(tid: Tid): boolean {
    return this.#uniqueByLabel.has(this.keyOf(tid));
  }

  /** Whether a recording has tasks of this name whose output was equal under two taskhashes: then it does not name them. */
  isProvedEqual(task: string): boolean {
    return this.#provedEqual.has(task);
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

  /**
   * The content of a task whose output is known. An equal output is the content of then. Another output is another content, even where
   * inputs say it is the same; but if the outhash holds something else beside the output, it says nothing of the output.
   */
  #reconcile(key: TaskKey, known: KnownOutput, derived: Content): Content {
    const records = this.#recorded.get(key) ?? [];
    this.#recorded.set(key, records);
    const equal = records.find((it) => it.known.output === known.output);
    if (equal !== undefined) {
      if (equal.known.taskhash !== known.taskhash) this.#provedEqual.add(key.slice(key.lastIndexOf(":") + 1));
      return equal.content;
    }
    const isOther = records.some((it) => it.known.extra === known.extra && it.content.output === derived.output);
    const content = isOther
      ? {
          output: sha256Hex(`${derived.output} ${known.output}`),
          outward: sha256Hex(`${derived.outward} ${known.output}`),
        }
      : derived;
    records.push({ known, content });
    return content;
  }

  /** @returns the place of the source that decided a change; `undefined` if there was none to decide */
  #applyTask(step: HistoryStep, before: Task | undefined, after: Task): number | undefined {
    const key = taskKeyOf(after);
    const deps = [...new Set(after.hashdeps.map((tid) => this.keyOf(tid)))].sort(byCodePoint);
    const digest = sha256Hex([ownText(after), ...deps].join("\n"));
    const inRecipe = deps.map((dependency) => recipeOf(dependency) === recipeOf(key));
    const own: OwnInputs = { digest, deps, inRecipe, frozen: new Map() };
    const known = this.#effective.get(key);
    if (known === undefined || before === undefined) {
      this.#put(step, key, digest, { output: own, outward: own });
      return undefined;
    }
    if (digest === this.#own.get(key)) return undefined;
    const { outcome = "propagating", place } = this.#chain.decide({ step, before, after });
    this.#put(step, key, digest, this.#effectOf(outcome, key, own, known));
    return place;
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

function recipeOf(key: TaskKey): string {
  return key.slice(0, key.lastIndexOf(":"));
}
