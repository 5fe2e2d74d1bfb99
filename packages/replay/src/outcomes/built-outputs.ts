import { formatTaskName, type TaskHash, type Tid } from "@depid/hash";
import type { HistoryStep, TaskGraph } from "@depid/task-graph";
import { RecordingError } from "../errors.ts";
import { hasCommit } from "../step-commit.ts";
import { taskKeyOf } from "../task-key.ts";
import type { FollowedStep, KnownOutput, OutputSource } from "./outcome-model.ts";

/** What one build wrote down of its outputs, as buildhistory does. */
export interface WrittenBuild {
  /** Names the build. */
  readonly commit: string;
  /** Commits of the metadata that were built. */
  readonly revisions: readonly { readonly revision: string; readonly isModified: boolean }[];
  /** Outputs that are other ones than those of the build before; null: there is none any more. */
  readonly written: readonly {
    readonly pn: string;
    readonly task: string;
    readonly restored: boolean;
    readonly output: string | null;
  }[];
  /** Taskhashes of the tasks that were in the build, by `PN:TASK`. */
  readonly taskhashes: ReadonlyMap<string, string> | undefined;
}

/**
 * Outputs that builds wrote down, for the steps whose commit was built. A task's output is known in a build if it was written there, or if its taskhash is one
 * of which the output is known. If it has a taskhash that no build before had, and its output did not become another one, it ran and came out equal:
 * there can have been no object of it, unless somebody else made one; so that is assumed, and said.
 */
export class WrittenOutputs implements OutputSource {
  readonly name: string;
  readonly notes: readonly string[];
  /** Of each build, in order. */
  readonly #known: readonly ReadonlyMap<string, KnownOutput>[];
  readonly #builds: readonly WrittenBuild[];
  #graph: TaskGraph | undefined;
  #present: ReadonlyMap<string, KnownOutput> | undefined;

  /**
   * @param name for reports and messages
   * @param steps of the history
   * @throws {RecordingError} when no build is of a commit of the history
   */
  constructor(name: string, builds: readonly WrittenBuild[], steps: readonly FollowedStep[]) {
    this.name = name;
    this.#builds = builds;
    this.#known = knownOf(builds);
    const built = steps.map((step) => this.#findBuild(step));
    if (built.every((it) => it === undefined)) {
      const revisions = builds.flatMap((build) => build.revisions.map(({ revision }) => revision));
      const found = revisions.length === 0 ? "no revisions" : `revisions such as ${revisions.at(-1)}`;
      const wanted = `a build of a commit of the history, such as ${steps[0]?.id ?? ""}`;
      throw new RecordingError(name, `metadata-revs: expected ${wanted}; found ${found} in ${builds.length} builds`);
    }
    this.notes = notesOf(
      builds,
      steps.filter((_step, i) => built[i] === undefined),
      built,
    );
  }

  async follow(graph: TaskGraph, _seeds: readonly Tid[], step: FollowedStep): Promise<void> {
    this.#graph = graph;
    const build = this.#findBuild(step);
    this.#present = build === undefined ? undefined : this.#known[build];
  }

  outputOf(tid: Tid): KnownOutput | undefined {
    const task = this.#graph?.find(tid);
    return task === undefined ? undefined : this.#present?.get(taskKeyOf(task));
  }

  /** The last build of the state of a step. */
  #findBuild({ id }: FollowedStep): number | undefined {
    const state: Pick<HistoryStep, "id" | "commits"> = { id, commits: [] };
    const found = this.#builds.findLastIndex((build) => build.revisions.some((it) => hasCommit(state, it.revision)));
    return found === -1 ? undefined : found;
  }
}

function knownOf(builds: readonly WrittenBuild[]): readonly ReadonlyMap<string, KnownOutput>[] {
  const files = new Map<string, string>();
  /** By name and taskhash; `undefined` where a taskhash was in a build and its output is not known. */
  const outputs = new Map<string, string | undefined>();
  return builds.map(({ written, taskhashes }) => {
    const here = new Set<string>();
    for (const { pn, task, output } of [...written].sort((a, b) => Number(b.restored) - Number(a.restored))) {
      const name = formatTaskName({ pn, task });
      if (output === null) files.delete(name);
      else files.set(name, output);
      here.add(name);
    }
    const known = new Map<string, KnownOutput>();
    for (const [name, output] of files) {
      const taskhash = (taskhashes?.get(name) ?? "") as TaskHash | "";
      const hash = `${name} ${taskhash}`;
      if (here.has(name)) known.set(name, { output, extra: "", taskhash });
      else if (taskhash !== "") {
        const then = outputs.get(hash);
        if (then !== undefined) known.set(name, { output: then, extra: "", taskhash });
        else if (!outputs.has(hash)) known.set(name, { output, extra: "", taskhash: "" });
      }
    }
    for (const [name, taskhash] of taskhashes ?? []) {
      const hash = `${name} ${taskhash}`;
      outputs.set(hash, known.get(name)?.output ?? outputs.get(hash));
    }
    return known;
  });
}

function notesOf(
  builds: readonly WrittenBuild[],
  without: readonly FollowedStep[],
  built: readonly (number | undefined)[],
): readonly string[] {
  const used = builds.filter((_build, i) => built.includes(i));
  const [modified, unsigned] = [
    used.filter((build) => build.revisions.some((it) => it.isModified)).length,
    used.filter((build) => build.taskhashes === undefined).length,
  ];
  return [
    "a task whose taskhash no build before had is assumed to have run: nobody else has put objects into the sstate cache",
    "outputs are compared by names and contents of files alone, without owners and modes; tasks of multiconfigs are unknown",
    ...(without.length > 0 ? [`no build of the steps ${without.map(({ step }) => step).join(", ")}`] : []),
    ...(modified > 0 ? [`${modified} builds had changes that are in no commit`] : []),
    ...(unsigned > 0
      ? [`${unsigned} builds without task/tasksigs.txt: only outputs that became others are known`]
      : []),
  ];
}
