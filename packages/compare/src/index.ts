export type { Cause, CauseChange, Causes } from "./cause.ts";
export type { CauseCount, CauseCounts } from "./cause-count.ts";
export type { ChangeClass, ChangeClassName, SuggestedOutcome } from "./classify.ts";
export { type ComparedSide, type Comparison, compareCaptures, type NamedTask, selectTasks } from "./compare.ts";
export { type CodeDifference, compareCode } from "./compare-code.ts";
export type {
  DependencyListChange,
  FileChange,
  MetadataChange,
  OrderChange,
  OtherDepIdChange,
  OwnChange,
  TaintChange,
  UnexplainedChange,
  UnknownInputsChange,
  VariableChange,
} from "./own-change.ts";
export { nameOfTid, type Pairing, pairTasks, type TaskPair } from "./pair.ts";
export type { DependencyDepId, TaskChange } from "./task-change.ts";
