export {
  type Adjacency,
  degreeOf,
  degreesOf,
  invertAdjacency,
  neighboursOf,
  orderNodes,
  packAdjacency,
} from "./adjacency.ts";
export { assumeHardDependencies } from "./assumed-harddeps.ts";
export { type BuildSettings, type OutHashExtra, sameSettings } from "./build-settings.ts";
export {
  CAPTURE_FORMAT,
  type Capture,
  type CapturedTask,
  CaptureFormatter,
  type CaptureHeader,
  formatCapture,
} from "./capture.ts";
export { type CaptureChange, invertChange, sameList, sameTask } from "./change.ts";
export { diffCaptures } from "./diff-captures.ts";
export { CaptureError, ChangeError, CycleError, HistoryError, OutputError, UnknownTaskError } from "./errors.ts";
export type { HashPlan } from "./hash-plan.ts";
export {
  formatHistory,
  HISTORY_FORMAT,
  type History,
  type HistoryCommit,
  type HistoryHeader,
  type HistoryStep,
  type StepExpectation,
} from "./history.ts";
export type { HistoryState, HistoryStates } from "./history-state.ts";
export { assumedSettings, OE_CORE_EXCLUDED_SYSROOTS } from "./oe-core.ts";
export { type SettingsInForce, settingsAt } from "./settings-in-force.ts";
export { squashHistory } from "./squash.ts";
export type { FileChecksum, Task } from "./task.ts";
export { type DependencyAttributes, type DependencyKind, TaskGraph } from "./task-graph.ts";
export { orderTasks, type TaskOrder } from "./task-order.ts";
export type { Variable } from "./variable.ts";
