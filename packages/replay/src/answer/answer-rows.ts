import { rounded } from "../report/figures.ts";
import type { Answer } from "./answer.ts";

/** The figures of an answer as lines of CSV (RFC 4180, without line ends): one a line; what is not known is empty. */
export function* formatAnswerCsv({ frontier, advice }: Answer): Generator<string> {
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
  for (const { about, figures } of advice)
    for (const [figure, value] of Object.entries(figures)) yield rowOf("advice", about, figure, value);
}

function rowOf(part: string, name: string, figure: string, value: number | undefined): string {
  const cell = /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
  return [part, cell, figure, value === undefined ? "" : rounded(value)].join(",");
}
