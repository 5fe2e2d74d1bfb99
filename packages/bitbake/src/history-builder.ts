import { computeSignatures, createBasicHash, digestTaskHashes, type SignatureChange } from "@depid/siggen";
import {
  type Capture,
  type CapturedTask,
  diffCaptures,
  type History,
  type HistoryHeader,
  type HistoryStep,
  type Task,
  TaskGraph,
} from "@depid/task-graph";

/** A state of the metadata: a commit, and the commits that led to it since the state before. */
export type MetadataState = Pick<HistoryStep, "id" | "date" | "commits">;

/** Makes a history of captures that are given one after another; only the last one is kept in memory. */
export class HistoryBuilder {
  readonly #graph = new TaskGraph([]);
  readonly #signatures = computeSignatures(this.#graph, createBasicHash());
  readonly #steps: HistoryStep[] = [];
  /** Commits of states that became no step. */
  #pending: HistoryStep["commits"] = [];

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
    const change = diffCaptures(this.#graph, new TaskGraph(capture.tasks.map(taskOfHistory)));
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

  /** The history so far. */
  end(header: HistoryHeader): History {
    return { header, steps: this.#steps };
  }
}

/** What a history keeps of a captured task. The random taint of a nostamp task is another in every build and no input. */
function taskOfHistory({ taskhash: _, depid: _d, hashedDepids: _h, variables: _v, ...task }: CapturedTask): Task {
  return task.taint?.startsWith("nostamp:") ? { ...task, taint: undefined } : task;
}

/** Whether a task was there before and after, with another taskhash. */
function isRehashed({ before, after }: SignatureChange): boolean {
  return before !== undefined && after !== undefined && before.taskhash !== after.taskhash;
}
