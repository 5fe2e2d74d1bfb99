export { formatReplay } from "./format-replay.ts";
export {
  REPORT_FORMAT,
  type ReplayReport,
  type ReplaySetting,
  replayDocument,
  type Sensitivity,
} from "./replay-report.ts";
