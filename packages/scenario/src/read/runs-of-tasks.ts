import type { DurationRecord } from "@depid/durations";
import { formatSetscene } from "@depid/hash";
import type { IrreproducibleRule } from "@depid/replay";
import type { ScenarioFile } from "./scenario-file.ts";

const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3600 };

/** Tasks of which a run may give another output. */
export function readIrreproducible({ recipes }: ScenarioFile): readonly IrreproducibleRule[] {
  return Object.entries(recipes).flatMap(([recipe, { tasks }]) =>
    Object.entries(tasks).flatMap(([task, row]) =>
      row?.irreproducible === undefined
        ? []
        : [{ recipe, task, probability: row.irreproducible, does: "propagating" as const }],
    ),
  );
}

/** How long tasks take, where that is said. */
export function readDurations({ recipes }: ScenarioFile): readonly DurationRecord[] {
  return Object.entries(recipes).flatMap(([recipe, { tasks }]) =>
    Object.entries(tasks).flatMap(([task, row]) => [
      ...(row?.takes === undefined ? [] : [{ recipe, task, elapsed: secondsOf(row.takes) }]),
      ...(row?.restoring === undefined
        ? []
        : [{ recipe, task: formatSetscene(task), elapsed: secondsOf(row.restoring) }]),
    ]),
  );
}

function secondsOf(span: number | string): number {
  if (typeof span === "number") return span;
  const [, figure = "", unit = ""] = /^([\d.]+) ?(\w+)$/.exec(span) ?? [];
  return Number(figure) * (SECONDS[unit] ?? 1);
}
