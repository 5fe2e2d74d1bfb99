export { type WrittenBuild, WrittenOutputs } from "./built-outputs.ts";
export { type Content, formatContent, parseContent, type TaskKey, taskKeyOf } from "./content.ts";
export { type Draft, type DraftedLabel, draftLabels } from "./draft-labels.ts";
export type { EquivalenceService, OutHashReport } from "./equivalence-service.ts";
export { LabelsError, RecordingError, ReplayError } from "./errors.ts";
export { type Evidence, type EvidenceSource, evidenceFrom, evidenceOfOutputs, outcomesOf } from "./evidence.ts";
export { type DraftOrigin, formatDraft, type GivenLabels } from "./format-draft.ts";
export {
  boundOfLabels,
  checkLabels,
  createLabelSource,
  LABELS_FORMAT,
  type Label,
  type LabelSource,
  type Labels,
  parseLabels,
  type UnmatchedChange,
} from "./labels.ts";
export {
  type BuildTime,
  COUNT_DEFINITIONS,
  type Counts,
  countNames,
  type Fates,
  type SecondsOf,
  type SerialSeconds,
} from "./measure.ts";
export { createMessageEvidence, findCommitOf, MESSAGE_RULES, type MessageRule } from "./message-evidence.ts";
export {
  accountFor,
  type LabelUse,
  laxityOf,
  type OutcomeAccount,
  type UndecidedGroup,
  type UniqueUse,
} from "./outcome-account.ts";
export { OutcomeChain, type SourceShare, type UndecidedChange } from "./outcome-chain.ts";
export {
  type FollowedStep,
  isOutputSource,
  type KnowledgeSource,
  type KnownOutput,
  neutral,
  OUTCOME_WORDS,
  type Outcome,
  type OutcomeBound,
  type OutcomeSource,
  type OutcomeWord,
  type OutputSource,
  type OwnChange,
  pessimistic,
  type SameAs,
} from "./outcome-model.ts";
export { OUTHASH_METHOD, type OutHashContext, outHashOf } from "./outhash.ts";
export { OutHashExtra } from "./outhash-extra.ts";
export { parseOutputRecording } from "./output-recording.ts";
export {
  createTableRecords,
  mainMethodOf,
  type OutputRecording,
  type OutputRecords,
  type RecordedEquivalence,
  type RecordedReport,
  rememberRecords,
} from "./output-records.ts";
export { findOwnChanges, type StepChanges } from "./own-changes.ts";
export { clairvoyant, getPolicy, type Policy, type PolicyContext, pluginPolicy, policyNames } from "./policy.ts";
export type { BuilderKind } from "./policy-run.ts";
export { RecordedOutputs } from "./recorded-outputs.ts";
export {
  type MeasuredPolicy,
  type MeasuredStep,
  type ReplayedBuild,
  type ReplayOptions,
  type ReplayProgress,
  type ReplayResult,
  replayHistory,
} from "./replay.ts";
export { createServerRecords, type ServerQueries } from "./server-records.ts";
export { hasCommit } from "./step-commit.ts";
export { findTaskHabit, TASK_HABITS, type TaskHabit } from "./task-habits.ts";
export { Contents } from "./truth.ts";
export { type UniqueChoice, type UniqueTask, uniqueOutputsOf } from "./unique-outputs.ts";
export {
  type Agreement,
  addAgreements,
  type Discrepancy,
  envelopeOf,
  NO_AGREEMENT,
  type PredictedBuild,
  precisionOf,
  type RealBuild,
  RUN_KINDS,
  type RunKind,
  recallOf,
  type VerifiedBuild,
  verifyStep,
} from "./verify.ts";
