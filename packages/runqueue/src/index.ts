export { findActiveTasks, type SelectedBuild, type Selection, selectBuild, selectTasks } from "./active.ts";
export {
  addTaint,
  advanceClock,
  type BuilderState,
  createBuilder,
  findTaint,
  findTaints,
  forgetDepIds,
  listStamps,
  type NamedStamp,
  removeStamps,
  type SharedDirectories,
  type StampFile,
  type StampSet,
  type StampTime,
  type Taint,
  wipeBuilder,
} from "./builder.ts";
export { BUILDER_FORMAT, formatBuilder, parseBuilder } from "./builder-format.ts";
export { createDepValid, type DepValid, type DepValidRule, type DepValidTask } from "./depvalid.ts";
export { buildDirectly, type DirectBuild, type DirectWorld, goesDirectly } from "./direct/direct-build.ts";
export { DirectMemo, type RememberedWorld } from "./direct/direct-memo.ts";
export { StampNumbering, StampSheet } from "./direct/stamp-sheet.ts";
export { type Twins, TwinWatch } from "./direct/twins.ts";
export { wallTimeOfWaiting } from "./direct/wait-schedule.ts";
export type { BuildEffect, LookUp } from "./effect.ts";
export { matchesExempt, parseEnforceExcept } from "./enforce.ts";
export { BuilderFormatError, HardDependencyError, PlanError, ReleaseError, StepError } from "./errors.ts";
export {
  type BuildEvent,
  type CoveredWhy,
  type EndState,
  type FailWhy,
  formatEvent,
  type NotCoveredWhy,
  type SkipWhy,
  type UnsoundWhy,
} from "./event.ts";
export { type BuildPlan, compileBuild, getIndex, type PlanOptions, replaceTasks } from "./plan.ts";
export { type AdoptingPorts, type BuildSigning, type PreparedBuild, prepareBuild, signedBy } from "./prepare-build.ts";
export { NEWEST_RELEASE, type ReleaseRules, rulesOfRelease } from "./release.ts";
export { rankForCompletion, rankTasks, type Scheduler } from "./scheduler.ts";
export { findCovers, findUsers } from "./setscene-graph.ts";
export { type SimulatedBuild, simulateBuild } from "./simulate.ts";
export { leaveBuilder } from "./stamps.ts";
export { EXECUTED, EXISTING, NOEXEC } from "./state/real-state.ts";
export type { BuildRules } from "./state/rules.ts";
export { BY_OBJECT, BY_STAMP } from "./state/setscene-state.ts";
export { type BuildState, createState, isCovered, isNotCovered } from "./state/state.ts";
export type { EarlierDepIds } from "./state/unseen-state.ts";
export { type BuildInput, step } from "./step.ts";
export {
  type BuildSummary,
  formatSstateSummary,
  formatTasksSummary,
  type SstateSummary,
  summarizeBuild,
  type TasksSummary,
} from "./summary.ts";
export type { TaskHashes } from "./task-hashes.ts";
export type {
  AskedObject,
  BuildWorld,
  EquivalenceDeclarer,
  OutputReport,
  OutputReporter,
  ValidateObjects,
} from "./world.ts";
