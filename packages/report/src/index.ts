export { accountDocument } from "./account-document.ts";
export { assumptionsOf } from "./assumptions.ts";
export { type DurationsUsed, describeDurations } from "./durations-used.ts";
export { formatOutcomes } from "./format-outcomes.ts";
export { type FormatOptions, formatReplay } from "./format-replay.ts";
export { formatVerify } from "./format-verify.ts";
export { type NeedlessRecipe, NeedlessTally, type NeedlessWork } from "./needless.ts";
export { replayDocument } from "./replay-document.ts";
export { REPORT_FORMAT, type ReplayReport, type ReplaySetting, type Sensitivity } from "./replay-report.ts";
export { type FateWhy, fatesOf, formatFatesCsv, type KnownSecondsOf, type TaskFate } from "./task-fates.ts";
export { KNOWN_UNSOUND, STALE_REASONS, StaleWatch, type StaleWhy, type Unsound } from "./unsound.ts";
export { verdictOf } from "./verdict.ts";
export {
  leastAgreement,
  type PredictedRuns,
  sumAgreements,
  VERIFY_FORMAT,
  type VerifiedRecord,
  type VerifiedStep,
  type VerifyReport,
  type VerifySetting,
  verifyDocument,
} from "./verify-report.ts";
