import type { Task } from "@depid/task-graph";
import type { Content } from "../truth/content.ts";

/**
 * How much of an output somebody looks at, from all to nothing: the `output` itself; its `interface`, which is what other recipes see of it (a contained
 * change leaves that as it was); the `version` of its recipe (PE:PV-PR) alone; `nothing`.
 */
export const LEVELS = ["output", "interface", "version", "nothing"] as const;

export type Level = (typeof LEVELS)[number];

/** What is to be seen of an output at a level: two that are equal there are taken for the same. */
export function levelText(level: Level, { version }: Pick<Task, "version">, content: Content): string {
  switch (level) {
    case "output":
      return content.output;
    case "interface":
      return content.outward;
    case "version":
      return version;
    case "nothing":
      return "";
  }
}

/** A content as who looks at a level of it has it: that, and nothing else. */
export function contentAt(level: Level, task: Pick<Task, "version">, content: Content): Content {
  const text = levelText(level, task, content);
  return { output: text, outward: text };
}
