import { formatTaskName, outsideReason, parseTid, splitTid, type Tid } from "@depid/hash";
import type { ReplayDocument } from "@depid/replay/documents";
import type { History } from "@depid/task-graph";
import type { Cell } from "./cell.ts";
import type { RunDocument } from "./documents/index.ts";
import { RunError } from "./errors.ts";
import { nameOfTrack, Track } from "./track.ts";

/** A task of a run, by its number. */
export interface RunTask {
  readonly number: number;
  readonly tid: Tid;
  readonly name: string;
  /** Recipe name. */
  readonly pn: string;
}

/** What became of the tasks of one build. Tasks are numbers. */
export interface RunBuild {
  readonly policy: string;
  readonly builder: string;
  readonly step: number;
  /** SHA-256 over the lines `<tid> <taskhash>\n` when the build began. */
  readonly taskhashes: string;
  /** `undefined`: the task is not in the build. */
  cellOf(task: number): Cell | undefined;
  /** The task that the reason speaks of. */
  byOf(task: number): number | undefined;
  /** The depid when the build began, where it was not the taskhash. */
  depidOf(task: number): string | undefined;
  /** Milliseconds of executing and of restoring; `undefined`: unknown. */
  timeOf(task: number): { readonly real: number | undefined; readonly setscene: number | undefined };
}

type Tracks = Readonly<Record<"cell" | "by" | "depid", Track>> & {
  /** Place of a step among the builds. */
  readonly steps: ReadonlyMap<number, number>;
  readonly digests: readonly string[];
};

/** All that a replay showed, for looking into. */
export class Run {
  readonly replay: ReplayDocument;
  readonly tasks: readonly RunTask[];
  readonly #document: RunDocument;
  readonly #readHistory: () => History;
  #history: History | undefined;
  readonly #source: string;
  readonly #tracks = new Map<string, Tracks>();
  readonly #durations: Readonly<Record<"real" | "setscene", Track>>;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #byName = new Map<string, number[]>();

  /**
   * @param readHistory reads the history of the document, when it is asked for: most of the time that a run takes to be read would go there
   * @throws {RunError} when parts do not fit together
   */
  constructor(document: RunDocument, readHistory: () => History, source: string) {
    this.#document = document;
    this.#source = source;
    this.replay = document.replay;
    this.#readHistory = readHistory;
    this.tasks = this.#nameTasks();
    this.#numbers = new Map(this.tasks.map(({ tid, number }) => [tid, number]));
    for (const { name, number } of this.tasks) {
      const known = this.#byName.get(name);
      if (known === undefined) this.#byName.set(name, [number]);
      else known.push(number);
    }
    const durations = (of: "real" | "setscene") =>
      this.#track(
        document.durations.map((it) => it[of]),
        (at) => `durations[${at}].${of}`,
      );
    this.#durations = { real: durations("real"), setscene: durations("setscene") };
    for (const name of new Set(document.builds.map(nameOfTrack))) this.#tracks.set(name, this.#readTracks(name));
  }

  /** The history that was replayed. @throws {HistoryError} when what the document has is none */
  get history(): History {
    this.#history ??= this.#readHistory();
    return this.#history;
  }

  /** Names of the policies, in the order of the report. */
  get policies(): readonly string[] {
    return this.replay.policies.map((it) => it.name);
  }

  /** Names of the builders of a policy, in the order of the topology; "" alone where none was asked for. */
  get builders(): readonly string[] {
    return this.replay.policies[0]?.builders?.map((it) => it.name) ?? [""];
  }

  /** The number of a task. @returns `undefined` if no build had it */
  numberOf(tid: string): number | undefined {
    return this.#numbers.get(tid);
  }

  /** The task of a name in a build: with another version of the recipe it is another task. @returns `undefined` if the build has none */
  taskNamed(name: string, build: RunBuild): RunTask | undefined {
    const number = this.#byName.get(name)?.find((it) => build.cellOf(it) !== undefined);
    return number === undefined ? undefined : this.tasks[number];
  }

  /** One build; what it tells holds until another one of the same policy and builder is asked for. @returns `undefined` if there was none */
  build(policy: string, step: number, builder = this.builders[0] ?? ""): RunBuild | undefined {
    const tracks = this.#tracks.get(nameOfTrack({ policy, builder }));
    const at = tracks?.steps.get(step);
    if (tracks === undefined || at === undefined) return undefined;
    const { cells, depids } = this.#document;
    const one = (it: Track, task: number): number => it.at(at)[task] as number;
    const time = this.#document.durations.findLastIndex((it) => it.step <= step);
    const known = (it: Track, task: number) => (time < 0 ? undefined : minusOne(it.at(time)[task]));
    return {
      policy,
      builder,
      step,
      taskhashes: tracks.digests[at] as string,
      cellOf: (task) => cells[one(tracks.cell, task) - 1],
      byOf: (task) => minusOne(one(tracks.by, task)),
      depidOf: (task) => depids[one(tracks.depid, task) - 1],
      timeOf: (task) => ({ real: known(this.#durations.real, task), setscene: known(this.#durations.setscene, task) }),
    };
  }

  #nameTasks(): readonly RunTask[] {
    const { tasks, recipes } = this.#document;
    return tasks.map((text, number) => {
      const pn = recipes[number];
      if (pn === undefined)
        throw this.#wrong(`recipes: expected ${tasks.length}, one for each of tasks, found ${number}`);
      const tid = this.#parseTid(text, number);
      const { config, task } = splitTid(tid);
      return { number, tid, name: formatTaskName({ config, pn, task }), pn };
    });
  }

  #parseTid(text: string, number: number): Tid {
    try {
      return parseTid(text);
    } catch (error) {
      throw this.#wrong(`tasks[${number}]: ${outsideReason(error)}`);
    }
  }

  #readTracks(name: string): Tracks {
    const builds = this.#document.builds.flatMap((it, at) => (nameOfTrack(it) === name ? [{ ...it, at }] : []));
    const track = (of: "cell" | "by" | "depid") =>
      this.#track(
        builds.map((it) => it[of]),
        (at) => `builds[${builds[at]?.at}].${of}`,
      );
    return {
      cell: track("cell"),
      by: track("by"),
      depid: track("depid"),
      steps: new Map(builds.map(({ step }, at) => [step, at])),
      digests: builds.map((it) => it.taskhashes),
    };
  }

  #track(changes: readonly string[], field: (at: number) => string): Track {
    return new Track(this.tasks.length, changes, (at) =>
      this.#wrong(`${field(at)}: expected runs of ${this.tasks.length} tasks, found other numbers`),
    );
  }

  #wrong(problem: string): RunError {
    return new RunError(this.#source, 0, problem);
  }
}

function minusOne(number: number | undefined): number | undefined {
  return number === undefined || number === 0 ? undefined : number - 1;
}
