import { type DepId, depIdOf, sha256Hex, type Tid } from "@depid/hash";
import type { KnownSecondsOf, ReplayedBuild, TaskFate } from "@depid/replay";
import type { Task } from "@depid/task-graph";
import { type Cell, keyOfCell } from "./cell.ts";

/** One build of a replay as it is recorded: plain data, which threads can hand on. Lists go by place in `tids`. */
export interface RecordedBuild {
  readonly policy: string;
  /** "" where no topology was asked for. */
  readonly builder: string;
  readonly step: number;
  readonly tids: readonly Tid[];
  /** Recipe names. */
  readonly recipes: readonly string[];
  /** The different cells of the build. */
  readonly cells: readonly Cell[];
  /** Place in `cells`. */
  readonly cell: Int32Array;
  /** Place of the task that the reason speaks of; -1 where it speaks of none. */
  readonly by: Int32Array;
  /** Place in `depids`, of those whose depid is not their taskhash when the build begins; -1 of all others. */
  readonly other: Int32Array;
  readonly depids: readonly DepId[];
  /** SHA-256 over the lines `<tid> <taskhash>\n` when the build begins. */
  readonly taskhashes: string;
  /** Milliseconds of executing and of restoring; -1: unknown. */
  readonly real: Int32Array;
  readonly setscene: Int32Array;
}

/**
 * Records a build. To be asked before the next one is begun.
 *
 * @param rows what became of its tasks, of `fatesOf`
 */
export function recordBuild(
  build: ReplayedBuild,
  rows: readonly TaskFate[],
  secondsOf: KnownSecondsOf = () => undefined,
): RecordedBuild {
  const { plan, step, builder, policy, fates, patient, hashesOf } = build;
  const cells = new Numbered<Cell>();
  const depids = new Numbered<DepId>();
  const cell = new Int32Array(plan.size);
  const by = new Int32Array(plan.size);
  const other = new Int32Array(plan.size).fill(-1);
  const real = new Int32Array(plan.size);
  const setscene = new Int32Array(plan.size);
  const lines: string[] = [];
  for (const [place, row] of rows.entries()) {
    const { fate, needless, stale, why } = row;
    const timing = needless && fates.isLate(place, patient);
    const it = { fate, needless, timing, stale, why };
    cell[place] = cells.numberOf(keyOfCell(it), it);
    by[place] = row.by === null ? -1 : (plan.indices.get(row.by as Tid) ?? -1);
    const { taskhash, depid } = hashesOf(place);
    if (depid !== depIdOf(taskhash)) other[place] = depids.numberOf(depid, depid);
    lines.push(`${plan.tids[place]} ${taskhash}\n`);
    const task = plan.tasks[place] as Task;
    const executing = secondsOf(task, "real");
    real[place] = milliseconds(task.noexec && executing !== undefined ? 0 : executing);
    setscene[place] = milliseconds(secondsOf(task, "setscene"));
  }
  return {
    policy: policy.name,
    builder,
    step: step.step,
    tids: plan.tids,
    recipes: plan.tasks.map((it) => it.pn),
    cells: cells.things,
    cell,
    by,
    other,
    depids: depids.things,
    taskhashes: sha256Hex(lines.join("")),
    real,
    setscene,
  };
}

function milliseconds(seconds: number | undefined): number {
  return seconds === undefined ? -1 : Math.round(1000 * seconds);
}

/** Things that have numbers, in the order in which they come up. */
export class Numbered<T> {
  readonly things: T[] = [];
  readonly #numbers = new Map<string, number>();

  numberOf(key: string, thing: T): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.things.length);
    return this.things.push(thing) - 1;
  }
}
