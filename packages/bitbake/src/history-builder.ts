import { isNostampTaint, type Tid } from "@depid/hash";
import { computeSignatures, createBasicHash, digestTaskHashes, type SignatureChange } from "@depid/siggen";
import {
  type BuildSettings,
  type Capture,
  type CaptureChange,
  type CapturedTask,
  diffCaptures,
  type History,
  type HistoryHeader,
  type HistoryStep,
  sameSettings,
  type Task,
  TaskGraph,
} from "@depid/task-graph";
import { VariablePool } from "./variable-pool.ts";

/** A state of the metadata: a commit, and the commits that led to it since the state before. */
export type MetadataState = Pick<HistoryStep, "id" | "date" | "commits">;

/** What a history keeps beside what is hashed. */
export interface HistoryBuilderOptions {
  /** Whether tasks keep their variables where captures have them. */
  readonly variables: boolean;
}

/** Makes a history of captures that are given one after another; only the last one is kept in memory. */
export class HistoryBuilder {
  readonly #keepsVariables: boolean;
  readonly #pool = new VariablePool();
  readonly #graph = new TaskGraph([]);
  readonly #signatures = computeSignatures(this.#graph, createBasicHash());
  readonly #steps: HistoryStep[] = [];
  /** Those in force; `undefined` as long as no capture has told any. */
  #settings: BuildSettings | undefined;
  /** Captures that tell no settings, before and after the first that does. */
  readonly #untold = { before: 0, after: 0 };
  /** Commits of states that became no step. */
  #pending: HistoryStep["commits"] = [];

  constructor({ variables }: HistoryBuilderOptions = { variables: true }) {
    this.#keepsVariables = variables;
  }

  /** How many tasks the last step has. */
  get tasks(): number {
    return this.#graph.size;
  }

  /** What the history does not know, and what is assumed instead, beside what its captures say themselves; a sentence each. */
  get limits(): { readonly unknown: readonly string[]; readonly assumed: readonly string[] } {
    const { before, after } = this.#untold;
    const what = "settings and hard dependencies";
    return {
      unknown: before === 0 ? [] : [`${what} of the first builds, which do not tell them: ${before}`],
      assumed: after === 0 ? [] : [`${what} of later builds that do not tell them, ${after}: as before`],
    };
  }

  /** Passes over a state that could not be captured: its commits count to the next step. */
  skip({ commits }: MetadataState): void {
    this.#pending = [...this.#pending, ...commits];
  }

  /**
   * Adds the state as a step, unless it changes no input of any task and no setting: then its commits count to the next step.
   * A capture that tells no settings, made by an older layer, keeps those in force, and its tasks their hard dependencies.
   *
   * @returns whether a step was added
   * @throws {UnknownTaskError} when the capture does not have all tasks that it names
   * @throws {CycleError} when its tasks depend on each other
   */
  async add(state: MetadataState, capture: Capture): Promise<boolean> {
    const change = this.#shared(diffCaptures(this.#graph, new TaskGraph(this.#tasksOf(capture))));
    const settings = this.#changedSettings(capture);
    if (capture.header.settings === undefined) this.#untold[this.#settings === undefined ? "before" : "after"] += 1;
    this.skip(state);
    const step = this.#steps.length;
    if (step > 0 && change.upsert.length === 0 && change.remove.length === 0 && settings === undefined) return false;
    this.#graph.apply(change);
    const signatures = await this.#signatures;
    const changes = await signatures.update([...change.upsert.map((task) => task.tid), ...change.remove]);
    const taskhashes = digestTaskHashes(this.#graph, signatures);
    const changed = step === 0 ? {} : { changed: changes.filter(isHashedOtherwise).length };
    const { id, date } = state;
    const expect = { tasks: this.#graph.size, taskhashes, ...changed };
    const told = settings === undefined ? {} : { settings };
    this.#steps.push({ step, id, date, commits: this.#pending, ...told, change, expect });
    this.#settings = settings ?? this.#settings;
    this.#pending = [];
    return true;
  }

  /** With one object for variables that are equal in all steps, or without variables. */
  #shared({ upsert, remove }: CaptureChange): CaptureChange {
    return {
      upsert: upsert.map(({ variables, ...task }) =>
        variables === undefined || !this.#keepsVariables
          ? task
          : { ...task, variables: variables.map(({ name, value, deps }) => this.#pool.get(name, value, deps)) },
      ),
      remove,
    };
  }

  #tasksOf({ header, tasks }: Capture): Task[] {
    const rows = tasks.map(taskOfHistory);
    if (header.settings !== undefined || this.#settings === undefined) return rows;
    const present = new Set(rows.map(({ tid }) => tid));
    const known = (tid: Tid) => this.#graph.find(tid)?.harddeps.filter((it) => present.has(it)) ?? [];
    return rows.map((task) => ({ ...task, harddeps: known(task.tid) }));
  }

  #changedSettings({ header: { settings } }: Capture): BuildSettings | undefined {
    return settings === undefined || (this.#settings !== undefined && sameSettings(settings, this.#settings))
      ? undefined
      : settings;
  }

  /** The history so far. */
  end(header: HistoryHeader): History {
    return { header, steps: this.#steps };
  }
}

/** What a history keeps of a captured task. The random taint of a nostamp task is another in every build and no input. */
function taskOfHistory({ taskhash: _, depid: _d, hashedDepids: _h, ...task }: CapturedTask): Task {
  return isNostampTaint(task.taint) ? { ...task, taint: undefined } : task;
}

/** Whether a task was there before and after, with another taskhash. */
function isHashedOtherwise({ before, after }: SignatureChange): boolean {
  return before !== undefined && after !== undefined && before.taskhash !== after.taskhash;
}
