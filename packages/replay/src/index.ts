export { type Content, Contents, formatContent, parseContent, type TaskKey, taskKeyOf } from "./content.ts";
export type { EquivalenceService, OutHashReport } from "./equivalence-service.ts";
export { LabelsError, ReplayError } from "./errors.ts";
export {
  createLabelledModel,
  LABELS_FORMAT,
  type Label,
  type LabelledModel,
  type Labels,
  parseLabels,
} from "./labels.ts";
export { COUNT_DEFINITIONS, type Counts, countNames } from "./measure.ts";
export { neutral, type Outcome, type OutcomeModel, type OwnChange, pessimistic } from "./outcome-model.ts";
export { OUTHASH_METHOD, outHashOf } from "./outhash.ts";
export { clairvoyant, getPolicy, type Policy, type PolicyContext, pluginPolicy, policyNames } from "./policy.ts";
export type { BuilderKind } from "./policy-run.ts";
export {
  type MeasuredPolicy,
  type MeasuredStep,
  type ReplayOptions,
  type ReplayProgress,
  type ReplayResult,
  replayHistory,
} from "./replay.ts";
