export { parseDurationCsv } from "./duration-csv.ts";
export {
  createDurations,
  type DurationOptions,
  type DurationRecord,
  type Durations,
  type DurationVariant,
  type KnownDuration,
  type Measure,
  type Seconds,
  type TimedTask,
} from "./durations.ts";
export { DurationsError, ScheduleError } from "./errors.ts";
export { formatDuration } from "./format-duration.ts";
export { kinOf } from "./kin.ts";
export { type ScheduledTask, scheduleTasks, type WorkEstimate } from "./schedule.ts";
export {
  DURATION_SOURCES,
  type DurationSource,
  formatSources,
  type SourceShares,
  shareOfSources,
} from "./sources.ts";
