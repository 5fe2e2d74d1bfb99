import { wayOf } from "./cause.ts";
import { classifyChanges } from "./classify.ts";
import { changeLines, describeWay } from "./describe-change.ts";
import { inputOf } from "./diff-document.ts";
import type { ExplainedChange } from "./documents/index.ts";
import type { OwnChange } from "./own-change.ts";
import type { TaskChange } from "./task-change.ts";
import { findExclusion } from "./variable-way.ts";

/** The own changes of a task as items of a list, each with its way through variables and, of the time of the build, what keeps it out. */
export function ownLines(change: TaskChange | undefined, limit: number): string[] {
  return (change?.own ?? []).flatMap((it) =>
    changeLines(it, limit, describeWay(wayOf(it, change), classOfOne(it, change))),
  );
}

/** The same as plain data (docs/formats.md). */
export function ownDocument(change: TaskChange | undefined): ExplainedChange[] {
  return (change?.own ?? []).map((it) => {
    const way = wayOf(it, change);
    const { name } = classOfOne(it, change);
    const exclude = name === "clock" && way !== undefined ? findExclusion(way) : undefined;
    return { ...inputOf(it), way: way ?? null, exclude: exclude ?? null };
  });
}

function classOfOne(it: OwnChange, change: TaskChange | undefined) {
  return classifyChanges([it], change === undefined ? [] : [change]);
}
