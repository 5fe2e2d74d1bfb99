import { DepidError } from "@depid/hash";
import { printable } from "./text-diff.ts";

/** A task was named that a capture does not have, or has more than once. The message names the closest ones. */
export class TaskNotFoundError extends DepidError {
  readonly code = "TASK_NOT_FOUND";
  readonly closest: readonly string[];
  constructor(wanted: string, problem: string, closest: readonly string[]) {
    const hint =
      closest.length === 0 ? "expected pn:task, such as busybox:do_compile" : `closest: ${closest.join(", ")}`;
    super(`${problem}; ${printable(hint)}`, { field: printable(wanted) });
    this.closest = closest;
  }
}

/** A multiconfig was named that a capture does not have. The message names those that it has. */
export class ConfigNotFoundError extends DepidError {
  readonly code = "CONFIG_NOT_FOUND";
  constructor(wanted: string, build: "first" | "second", known: readonly string[]) {
    const names = known.map((it) => (it === "" ? "default" : printable(it)));
    super(`the ${build} build has no task of it; it has ${names.join(", ")}`, {
      field: `multiconfig ${wanted === "" ? "default" : printable(wanted)}`,
    });
  }
}
