import { rounded } from "../report/figures.ts";
import type { Answer } from "./answer.ts";
import type { Saving } from "./leverage.ts";

/** The figures of an answer as lines of CSV (RFC 4180, without line ends): one a line; what is not known is empty. */
export function* formatAnswerCsv({ frontier, leverage, advice }: Answer): Generator<string> {
  yield "part,name,figure,value";
  for (const { policy, cost, saved, needless, stale, traffic } of frontier) {
    const figures = {
      cost_tasks: cost.tasks,
      cost_seconds: cost.seconds,
      saved_tasks: saved?.tasks,
      saved_seconds: saved?.seconds,
      needless_tasks: needless.tasks,
      needless_seconds: needless.seconds,
      stale,
      ...traffic,
    };
    for (const [figure, value] of Object.entries(figures)) yield rowOf("frontier", policy, figure, value);
  }
  for (const { recipe, saved } of leverage?.rows ?? []) yield* rowsOf(recipe, saved);
  if (leverage !== undefined) {
    yield* rowsOf("together", leverage.together);
    yield* rowsOf("self-naming", leverage.selfNaming);
  }
  for (const { about, figures } of advice)
    for (const [figure, value] of Object.entries(figures)) yield rowOf("advice", about, figure, value);
}

function* rowsOf(name: string, savings: readonly Saving[]): Generator<string> {
  for (const { policy, saved } of savings) {
    yield rowOf("leverage", name, `${policy} saved_tasks`, saved.tasks);
    yield rowOf("leverage", name, `${policy} saved_seconds`, saved.seconds);
  }
}

function rowOf(part: string, name: string, figure: string, value: number | undefined): string {
  const [cell, word] = [name, figure].map((it) => (/[",\r\n]/.test(it) ? `"${it.replaceAll('"', '""')}"` : it));
  return [part, cell, word, value === undefined ? "" : rounded(value)].join(",");
}
