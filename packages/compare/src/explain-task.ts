import { splitTid } from "@depid/hash";
import type { Capture } from "@depid/task-graph";
import { compareCaptures } from "./compare.ts";
import { explainTaskChange } from "./explain-change.ts";
import { explainHash } from "./explain-hash.ts";
import { type FindTaskOptions, findTask } from "./find-task.ts";
import type { AgainstReport, ExplainReport } from "./format-explain.ts";
import { explainChange } from "./task-change.ts";

/** A build with the name that the user gave it. */
export interface NamedBuild {
  readonly name: string;
  readonly capture: Capture & {
    readonly signatureFiles?: FindTaskOptions["files"];
    readonly missing?: FindTaskOptions["missing"];
  };
}

export interface ExplainOptions {
  /** Ways listed at most; `undefined`: only the shortest from each root. */
  readonly allPaths: number | undefined;
  /** Configuration of the other build that the task's is compared with; "" is the default one. */
  readonly multiconfig?: string | undefined;
}

/**
 * Explains the taskhash of one task and, if there is another build to hold against it, why it was another one there.
 *
 * @param wanted as `findTask` takes it
 * @param other the build before
 * @throws {TaskNotFoundError}
 * @throws {ConfigNotFoundError}
 */
export function explainTask(
  build: NamedBuild,
  wanted: string,
  other: NamedBuild | undefined,
  { allPaths, multiconfig }: ExplainOptions,
): ExplainReport {
  const { signatureFiles: files, missing } = build.capture;
  const task = findTask(build.capture, wanted, { files, missing });
  const hash = explainHash(build.capture, task);
  const report = { build: build.name, hash, files: files?.get(task.tid) ?? [] };
  if (other === undefined) return report;
  const comparison = compareCaptures(other.capture, build.capture, {
    multiconfig: multiconfig === undefined ? undefined : { before: multiconfig, after: splitTid(task.tid).config },
  });
  const name = comparison.pairing.nameAfter(task.tid);
  const before = comparison.pairing.pairs.get(name)?.before;
  const change = before === undefined ? undefined : explainChange(name, before, task, comparison.pairing);
  const isChanged = before !== undefined && before.taskhash !== task.taskhash;
  const against: AgainstReport = {
    build: other.name,
    comparison,
    name,
    explanation: isChanged ? explainTaskChange(comparison, name, allPaths ?? 0) : undefined,
    stopped: change?.stopped ?? [],
    allPaths: allPaths !== undefined,
  };
  return { ...report, against };
}

/** Whether the task is the same in the other build; true if none was named. */
export function isSameTask({ against }: ExplainReport): boolean {
  if (against === undefined) return true;
  return against.explanation === undefined && against.comparison.pairing.pairs.get(against.name)?.before !== undefined;
}
