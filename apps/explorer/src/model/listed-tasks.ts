import { type Cell, countedAs, type Run } from "@depid/run-document";
import type { Selection } from "../state/state.ts";

/** A task of a list, with what it came to in the steps that are listed. */
export interface ListedTask {
  readonly number: number;
  readonly name: string;
  /** In how many of the builds it is counted. */
  readonly builds: number;
  /** Serial seconds of what is counted: of `restored`, of restoring; `undefined`: not known. */
  readonly seconds: number | undefined;
  /** What became of it in the last build in which it is counted. */
  readonly cell: Cell;
  /** Name of the task that the reason speaks of; "" where it speaks of none. */
  readonly by: string;
  /** The step of that. */
  readonly step: number;
}

/** The tasks that a figure counts, the costliest first; of equals in the order of tids. */
export function listTasks(run: Run, selection: Pick<Selection, "policy" | "builder" | "step" | "scope" | "count">) {
  const { policy, builder, step, scope, count } = selection;
  const steps = scope === "step" ? [step] : run.replay.steps.slice(1).map((it) => it.step);
  const isCounted = countedAs[count as keyof typeof countedAs] ?? (() => true);
  const found = new Map<number, ListedTask>();
  for (const at of steps) {
    const build = run.build(policy, at, builder);
    if (build === undefined) continue;
    for (const { number, name } of run.tasks) {
      const cell = build.cellOf(number);
      if (cell === undefined || !isCounted(cell)) continue;
      const seconds = costOf(cell, count, build.timeOf(number));
      const before = found.get(number);
      found.set(number, {
        number,
        name,
        builds: (before?.builds ?? 0) + 1,
        seconds: before === undefined ? seconds : added(before.seconds, seconds),
        cell,
        by: nameOfBy(run, build.byOf(number)),
        step: at,
      });
    }
  }
  return [...found.values()].sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0) || a.number - b.number);
}

function nameOfBy(run: Run, by: number | undefined): string {
  return by === undefined ? "" : (run.tasks[by]?.name ?? "");
}

/** Those whose name has all words of a search. */
export function searchTasks<T extends { readonly name: string }>(tasks: readonly T[], search: string): readonly T[] {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((it) => it !== "");
  return words.length === 0 ? tasks : tasks.filter(({ name }) => words.every((it) => name.toLowerCase().includes(it)));
}

/** As the report counts: of `restored` what restoring took; of all others what executing took or would have taken. Of a list of all, what it took. */
function costOf(
  { fate }: Cell,
  count: string,
  { real, setscene }: { readonly real: number | undefined; readonly setscene: number | undefined },
): number | undefined {
  if (count === "restored" || (count === "" && fate === "restored")) return inSeconds(setscene);
  if (count === "" && fate !== "executed") return 0;
  return inSeconds(real);
}

function inSeconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function added(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
