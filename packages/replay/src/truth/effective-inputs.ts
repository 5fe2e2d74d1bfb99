import { byCodePoint, isNostampTaint, sha256Hex } from "@depid/hash";
import type { HistoryStep, Task } from "@depid/task-graph";
import { ReplayError } from "../errors.ts";
import type { Outcome, Reach } from "../outcomes/outcome-model.ts";
import { hasCommit } from "../step-commit.ts";
import { recipeOfKey } from "../task-key.ts";
import { type Content, NOTHING } from "./content.ts";
import type { TaskSlots } from "./task-slots.ts";

/** A task's own inputs as far as its output goes. */
export interface OwnInputs {
  /** Of metadata, files, taint and the keys of the dependencies. */
  readonly digest: string;
  /** Slots of the dependencies, by code point of their keys. */
  readonly deps: readonly number[];
  /** Of each dependency, whether it is in the task's own recipe. */
  readonly inRecipe: readonly boolean[];
  /** Contents of those that are no dependencies any more. */
  readonly frozen: ReadonlyMap<number, Content>;
}

/** The own inputs of a row. @param deps slots of its hash dependencies */
export function ownInputsOf(task: Task, slot: number, deps: readonly number[], slots: TaskSlots): OwnInputs {
  const sorted = [...new Set(deps)].sort((a, b) => byCodePoint(slots.keyOf(a), slots.keyOf(b)));
  const keys = sorted.map((dependency) => slots.keyOf(dependency));
  const recipe = recipeOfKey(slots.keyOf(slot));
  const inRecipe = keys.map((key) => recipeOfKey(key) === recipe);
  return { digest: sha256Hex([ownText(task), ...keys].join("\n")), deps: sorted, inRecipe, frozen: new Map() };
}

/** The inputs that count for the output itself, and those that count for what other recipes see of it: of the last change that was not neutral. */
export interface EffectiveInputs {
  readonly output: OwnInputs;
  readonly outward: OwnInputs;
  /** Those that count for what the output hash sees, where a change was made that it does not. */
  readonly seen?: OwnInputs;
  /** Those that count for what these recipes see, where a change was made that they do not. */
  readonly views?: ReadonlyMap<string, OwnInputs>;
}

/** The effective inputs of all tasks, through the steps of a history. */
export class InputLedger {
  readonly #truthOf: (slot: number) => Content | undefined;
  readonly #steps: Pick<HistoryStep, "step" | "id" | "commits">[] = [];
  /** By slot. */
  readonly #tasks: TaskInputs[] = [];

  /** @param truthOf content that a dependency had until now */
  constructor(truthOf: (slot: number) => Content | undefined) {
    this.#truthOf = truthOf;
  }

  /** A step begins. */
  begin(step: HistoryStep): void {
    this.#steps.push(step);
  }

  find(slot: number): EffectiveInputs | undefined {
    return this.#tasks[slot]?.effective;
  }

  /** Whether the task's own inputs are other ones than before. */
  isChanged(slot: number, { digest }: OwnInputs): boolean {
    return this.#tasks[slot]?.digest !== digest;
  }

  /** Whether they are as they were at some step: the same inputs make the same output again. */
  isRevert(slot: number, { digest }: OwnInputs): boolean {
    return this.#tasks[slot]?.known.has(digest) ?? false;
  }

  /** A task is new: all its inputs count. */
  add(slot: number, own: OwnInputs): void {
    this.#put(slot, own.digest, { output: own, outward: own });
  }

  /**
   * A task's own inputs changed.
   *
   * @throws {ReplayError} when the outcome names a commit that no step so far has
   */
  change(slot: number, own: OwnInputs, outcome: Outcome): void {
    const task = this.#tasks[slot];
    if (task === undefined) this.add(slot, own);
    else this.#put(slot, own.digest, this.#effectOf(outcome, task, own));
  }

  #effectOf(outcome: Outcome, { effective, known, past }: TaskInputs, own: OwnInputs): EffectiveInputs {
    if (typeof outcome === "object" && "as" in outcome) {
      const at = this.#stepOf(outcome.as);
      return this.#freezeAll(past.findLast((it) => it.step <= at)?.effective ?? effective, own.deps);
    }
    if (outcome === "neutral") return this.#freezeAll(effective, own.deps);
    const again = known.get(own.digest);
    if (again !== undefined) return again;
    const kept = this.#freezeAll(effective, own.deps);
    const { does, unseen, spares = [] }: ReachOrWord = typeof outcome === "string" ? { does: outcome } : outcome;
    const views = does === "contained" ? kept.views : viewsOf(kept, spares);
    return {
      output: own,
      outward: does === "contained" ? kept.outward : own,
      ...(unseen === true ? { seen: kept.seen ?? kept.output } : {}),
      ...(views === undefined ? {} : { views }),
    };
  }

  #freezeAll({ output, outward, seen, views }: EffectiveInputs, deps: readonly number[]): EffectiveInputs {
    return {
      output: this.#freeze(output, deps),
      outward: this.#freeze(outward, deps),
      ...(seen === undefined ? {} : { seen: this.#freeze(seen, deps) }),
      ...(views === undefined
        ? {}
        : { views: new Map([...views].map(([recipe, inputs]) => [recipe, this.#freeze(inputs, deps)])) }),
    };
  }

  #put(slot: number, digest: string, effective: EffectiveInputs): void {
    const { known, past }: Pick<TaskInputs, "known" | "past"> = this.#tasks[slot] ?? { known: new Map(), past: [] };
    known.set(digest, effective);
    past.push({ step: this.#steps.at(-1)?.step ?? 0, effective });
    this.#tasks[slot] = { digest, effective, known, past };
  }

  #stepOf(commit: string): number {
    const step = this.#steps.find((it) => hasCommit(it, commit));
    if (step !== undefined) return step.step;
    const at = this.#steps.at(-1)?.step ?? 0;
    throw new ReplayError(`as: ${commit}: expected a commit of the steps 0 to ${at}, found none that begins so`);
  }

  /** A dependency that is none any more, though nothing came of it, keeps the content it had; one that is back does not. */
  #freeze(inputs: OwnInputs, deps: readonly number[]): OwnInputs {
    const present = new Set(deps);
    const gone = inputs.deps.filter((slot) => !present.has(slot));
    if (gone.length === 0 && inputs.frozen.size === 0) return inputs;
    return {
      ...inputs,
      frozen: new Map(gone.map((slot) => [slot, inputs.frozen.get(slot) ?? this.#truthOf(slot) ?? NOTHING])),
    };
  }
}

/** What is remembered of one task. */
interface TaskInputs {
  /** Of its own inputs now. */
  readonly digest: string;
  readonly effective: EffectiveInputs;
  /** What own inputs came to that were there before, by their digest. */
  readonly known: Map<string, EffectiveInputs>;
  /** Effective inputs as they were after each step that changed the own ones. */
  readonly past: { readonly step: number; readonly effective: EffectiveInputs }[];
}

/** As a reach, of whatever word. */
interface ReachOrWord extends Omit<Reach, "does"> {
  readonly does: Exclude<Outcome, object>;
}

/** What recipes see that a change spares: what they saw before. */
function viewsOf({ outward, views }: EffectiveInputs, spares: readonly string[]): EffectiveInputs["views"] {
  if (spares.length === 0) return undefined;
  return new Map(spares.map((recipe) => [recipe, views?.get(recipe) ?? outward]));
}

function ownText({ basehash, files, taint }: Task): string {
  const tainted = taint === undefined || isNostampTaint(taint) ? "" : taint;
  return [basehash, ...files.map(([name, checksum]) => `${name}=${checksum ?? ""}`), tainted].join("\n");
}
