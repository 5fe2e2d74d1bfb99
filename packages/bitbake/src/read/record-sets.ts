import { describeProblem } from "@depid/task-graph/read";
import { z } from "zod";
import { type BuildRecord, RecordDraft } from "../build-record.ts";
import { BitbakeFileError, excerptOf } from "../file-error.ts";

const tids = z.array(z.string().min(1));
const sets = z.object({ executed: tids, restored: tids, noexec: tids.optional(), failed: tids.optional() });

/**
 * Reads what a build ran as lists of tids that somebody made: one JSON object with `executed` and `restored`, and where they are known
 * `noexec` and `failed`. Other keys are passed over.
 *
 * @throws {BitbakeFileError} naming source and field
 */
export function parseRecordSets(text: string, source: string): BuildRecord {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (cause) {
    throw new BitbakeFileError(source, 0, `expected JSON, found ${excerptOf(text)}`, { cause });
  }
  const result = sets.safeParse(data);
  if (!result.success) {
    const problem = describeProblem(result.error);
    throw new BitbakeFileError(source, 0, `expected lists of tids, executed and restored: ${problem}`);
  }
  const { executed, restored, noexec, failed = [] } = result.data;
  const draft = new RecordDraft();
  draft.unknown.push("which setscene tasks failed: only lists of tids are given");
  for (const tid of [...executed, ...failed]) draft.executed.add(tid);
  for (const tid of restored) draft.restored.add(tid);
  for (const tid of failed) draft.failed.add(tid);
  for (const tid of noexec ?? []) draft.noexec.add(tid);
  const record = draft.finish({ source, build: "1", kind: "sets", naming: "tid", finished: true });
  return noexec === undefined ? { ...record, noexec: undefined } : record;
}
