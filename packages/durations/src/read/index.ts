export { isDurationRuns, parseDurationRuns } from "./duration-runs.ts";
