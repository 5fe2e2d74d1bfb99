import { computeSignatures, createBasicHash, digestTaskHashes, type SignatureChange } from "@depid/siggen";
import {
  type Capture,
  type CaptureChange,
  type CapturedTask,
  diffCaptures,
  type History,
  type HistoryHeader,
  type HistoryStep,
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
  /** Commits of states that became no step. */
  #pending: HistoryStep["commits"] = [];

  constructor({ variables }: HistoryBuilderOptions = { variables: true }) {
    this.#keepsVariables = variables;
  }

  /** How many tasks the last step has. */
  get tasks(): number {
    return this.#graph.size;
  }

  /** Passes over a state that could not be captured: its commits count to the next step. */
  skip({ commits }: MetadataState): void {
    this.#pending = [...this.#pending, ...commits];
  }

  /**
   * Adds the state as a step, unless it changes no input of any task: then its commits count to the next step.
   *
   * @returns whether a step was added
   * @throws {UnknownTaskError} when the capture does not have all tasks that it names
   * @throws {CycleError} when its tasks depend on each other
   */
  async add(state: MetadataState, capture: Capture): Promise<boolean> {
    const change = this.#shared(diffCaptures(this.#graph, new TaskGraph(capture.tasks.map(taskOfHistory))));
    this.skip(state);
    const step = this.#steps.length;
    if (step > 0 && change.upsert.length === 0 && change.remove.length === 0) return false;
    this.#graph.apply(change);
    const signatures = await this.#signatures;
    const changes = await signatures.update([...change.upsert.map((task) => task.tid), ...change.remove]);
    const taskhashes = digestTaskHashes(this.#graph, signatures);
    const changed = step === 0 ? {} : { changed: changes.filter(isRehashed).length };
    const { id, date } = state;
    const expect = { tasks: this.#graph.size, taskhashes, ...changed };
    this.#steps.push({ step, id, date, commits: this.#pending, change, expect });
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

  /** The history so far. */
  end(header: HistoryHeader): History {
    return { header, steps: this.#steps };
  }
}

/** What a history keeps of a captured task. The random taint of a nostamp task is another in every build and no input. */
function taskOfHistory({ taskhash: _, depid: _d, hashedDepids: _h, ...task }: CapturedTask): Task {
  return task.taint?.startsWith("nostamp:") ? { ...task, taint: undefined } : task;
}

/** Whether a task was there before and after, with another taskhash. */
function isRehashed({ before, after }: SignatureChange): boolean {
  return before !== undefined && after !== undefined && before.taskhash !== after.taskhash;
}
