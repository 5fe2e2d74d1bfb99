import { type Brand, byCodePoint, sha256Hex, splitTid, type Tid } from "@depid/hash";
import type { HistoryStep, Task, TaskGraph } from "@depid/task-graph";
import type { OutcomeModel } from "./outcome-model.ts";

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
 * (those of the last change that was not neutral) and of the contents of the dependencies that were in them (design, section 3).
 */
export class Contents {
  readonly #model: OutcomeModel;
  readonly #graph: TaskGraph;
  readonly #keys = new Map<Tid, TaskKey>();
  readonly #own = new Map<TaskKey, string>();
  readonly #effective = new Map<TaskKey, EffectiveInputs>();
  readonly #truth = new Map<TaskKey, Content>();

  constructor(graph: TaskGraph, model: OutcomeModel) {
    this.#graph = graph;
    this.#model = model;
  }

  /** Follows a step that is already applied to the graph. @param before rows that the step replaced or removed */
  apply(step: HistoryStep, before: readonly Task[]): void {
    for (const task of step.change.upsert) this.#keys.set(task.tid, taskKeyOf(task));
    const previous = new Map(before.map((task) => [taskKeyOf(task), task]));
    for (const after of step.change.upsert) this.#applyTask(step, previous.get(taskKeyOf(after)), after);
    for (const generation of this.#graph.generations) {
      for (const tid of generation)
        this.#truth.set(
          this.keyOf(tid),
          this.contentOf(tid, (key) => this.#truth.get(key)),
        );
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

  #applyTask(step: HistoryStep, before: Task | undefined, after: Task): void {
    const key = taskKeyOf(after);
    const deps = [...new Set(after.hashdeps.map((tid) => this.keyOf(tid)))].sort(byCodePoint);
    const digest = sha256Hex([ownText(after), ...deps].join("\n"));
    const inRecipe = deps.map((dependency) => recipeOf(dependency) === recipeOf(key));
    const own: OwnInputs = { digest, deps, inRecipe, frozen: new Map() };
    const known = this.#effective.get(key);
    if (known === undefined || before === undefined) this.#effective.set(key, { output: own, outward: own });
    else if (digest !== this.#own.get(key)) {
      const outcome = this.#model.outcomeOf({ step, before, after });
      this.#effective.set(key, {
        output: outcome === "neutral" ? this.#freeze(known.output, deps) : own,
        outward: outcome === "propagating" ? own : this.#freeze(known.outward, deps),
      });
    }
    this.#own.set(key, digest);
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

const NOTHING: Content = { output: "", outward: "" };

function ownText({ basehash, files, taint }: Task): string {
  const tainted = taint === undefined || taint.startsWith("nostamp:") ? "" : taint;
  return [basehash, ...files.map(([name, checksum]) => `${name}=${checksum ?? ""}`), tainted].join("\n");
}

function recipeOf(key: TaskKey): string {
  return key.slice(0, key.lastIndexOf(":"));
}
