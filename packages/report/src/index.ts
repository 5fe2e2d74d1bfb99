export { formatReplay } from "./format-replay.ts";
export { formatVerify } from "./format-verify.ts";
export {
  REPORT_FORMAT,
  type ReplayReport,
  type ReplaySetting,
  replayDocument,
  type Sensitivity,
} from "./replay-report.ts";
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
