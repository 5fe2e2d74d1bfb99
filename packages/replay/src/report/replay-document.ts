import type { ReplayDocument } from "../documents/index.ts";
import { describeReplay, type ReplayReport } from "./replay-report.ts";
import { verdictOf } from "./verdict.ts";

/** The report as plain data, for `--json`: the same input gives the same document (`depid-replay/1`, see docs/formats.md). */
export function replayDocument(report: ReplayReport): ReplayDocument {
  return describeReplay(report, verdictOf(report));
}
