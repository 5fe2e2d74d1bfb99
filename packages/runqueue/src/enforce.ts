import { formatTaskName } from "@depid/hash";
import { compileShellPattern } from "@depid/sstate";

/**
 * Whether a task is exempt from BB_SETSCENE_ENFORCE (runqueue.md section 11).
 *
 * @param patterns `pn:task` in shell style: `*`, `?` and `[…]`, which match ":" and "/" too
 */
export function matchesExempt(patterns: readonly string[], pn: string, task: string): boolean {
  const name = formatTaskName({ pn, task });
  return patterns.some((pattern) => compileShellPattern(pattern).test(name));
}

/**
 * The list of BB_SETSCENE_ENFORCE_IGNORE_TASKS, with `%:task` spelled out for each target.
 *
 * @param targets names of the targets, as asked for
 */
export function parseEnforceExcept(text: string, targets: readonly string[]): readonly string[] {
  const items = text.split(/\s+/).filter((item) => item !== "");
  return items.flatMap((item) =>
    item.startsWith("%:") ? targets.map((target) => `${target}:${item.split(":")[1] ?? ""}`) : [item],
  );
}
