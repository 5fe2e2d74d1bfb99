export type { Cause, CauseChange, Causes } from "./cause.ts";
export type { CauseCount, CauseCounts } from "./cause-count.ts";
export type { ChangeClass, ChangeClassName, SuggestedOutcome } from "./classify.ts";
export { type ClassifiedTask, classifyTask } from "./classify-task.ts";
export {
  type ComparedSide,
  type CompareOptions,
  type Comparison,
  compareCaptures,
  type NamedTask,
  selectTasks,
} from "./compare.ts";
export { type CodeDifference, compareCode } from "./compare-code.ts";
export { formatMismatches, MISMATCH_FORMAT, type MismatchReport, mismatchDocument } from "./console-mismatch.ts";
export { costOf, type DiffCost } from "./cost.ts";
export { describeChange, describeClass, diffOf } from "./describe-change.ts";
export { DIFF_FORMAT, diffDocument } from "./diff-document.ts";
export { ConfigNotFoundError, TaskNotFoundError } from "./errors.ts";
export { type ChangeExplanation, explainTaskChange, type Path, type Stops } from "./explain-change.ts";
export { explainHash, type HashExplanation, type HashedDependency } from "./explain-hash.ts";
export { type ExplainOptions, explainTask, isSameTask, type NamedBuild } from "./explain-task.ts";
export { type FindTaskOptions, findTask, type TaskFile } from "./find-task.ts";
export { type DiffReport, formatDiff } from "./format-diff.ts";
export {
  type AgainstReport,
  EXPLAIN_FORMAT,
  type ExplainReport,
  type ExplainView,
  explainDocument,
  formatExplain,
  formatMismatchOfWorker,
  type WorkerMismatch,
} from "./format-explain.ts";
export { formatMarkdown } from "./format-markdown.ts";
export type { ConfigMatch, Configs } from "./match-configs.ts";
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
export {
  type Picture,
  type PictureEdge,
  type PictureNode,
  type PictureRole,
  pictureOf,
} from "./picture/explain-picture.ts";
export { formatDot } from "./picture/format-dot.ts";
export { formatMermaid } from "./picture/format-mermaid.ts";
export type { DependencyDepId, TaskChange } from "./task-change.ts";
export { diffTexts, printable, type TextDiff, type TextDiffOptions } from "./text-diff.ts";
