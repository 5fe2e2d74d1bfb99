export { type Advice, adviceOf } from "./answer/advice.ts";
export { type Answer, answerOf } from "./answer/answer.ts";
export { formatAnswerCsv } from "./answer/answer-rows.ts";
export { answerDocument } from "./answer/describe-answer.ts";
export { formatAnswer } from "./answer/format-answer.ts";
export { type FrontierPoint, frontierOf } from "./answer/frontier.ts";
export { type Leverage, leverageOf } from "./answer/leverage.ts";
export { askingPolicies } from "./answer/stable.ts";
export { uniformOf } from "./chance.ts";
export { type Draft, type DraftedLabel, draftLabels } from "./drafts/draft-labels.ts";
export { type Evidence, type EvidenceSource, evidenceOfOutputs, outcomesOf } from "./drafts/evidence.ts";
export { type DraftOrigin, formatDraft, type GivenLabels } from "./drafts/format-draft.ts";
export { createMessageEvidence, findCommitOf, MESSAGE_RULES, type MessageRule } from "./drafts/message-evidence.ts";
export { findOwnChanges, type StepChanges } from "./drafts/own-changes.ts";
export type { EquivalenceService, OutHashReport } from "./equivalence-service.ts";
export {
  IrreproducibleError,
  LabelsError,
  MergeError,
  PolicyOptionsError,
  RecordingError,
  ReplayError,
  TopologyError,
} from "./errors.ts";
export type { BuildOutcome } from "./measure/build-outcome.ts";
export {
  type BuildTime,
  COUNT_DEFINITIONS,
  type Counts,
  countNames,
  FATES,
  type Fate,
  Fates,
  type SecondsOf,
  type SerialSeconds,
} from "./measure/fates.ts";
export { type MeasuredObject, type ObjectSizes, sizesOf, sizesOfOne } from "./object-sizes.ts";
export type { ReplayedBuild, ReplayOptions, ReplayProgress } from "./options.ts";
export { type WrittenBuild, WrittenOutputs } from "./outcomes/built-outputs.ts";
export type { Decision, OutcomeDecisions } from "./outcomes/decisions.ts";
export {
  type Irreproducible,
  type IrreproducibleRule,
  irreproducibleSentences,
} from "./outcomes/irreproducible.ts";
export { runProbability } from "./outcomes/irreproducible-schema.ts";
export {
  boundOfLabels,
  checkLabels,
  createLabelSource,
  LABELS_FORMAT,
  type Label,
  type LabelSource,
  type Labels,
  parseLabels,
} from "./outcomes/labels.ts";
export {
  accountFor,
  type LabelUse,
  laxityOf,
  type OutcomeAccount,
  type SourceShare,
  type UndecidedGroup,
  type UniqueUse,
  type UnmatchedChange,
} from "./outcomes/outcome-account.ts";
export { OutcomeChain } from "./outcomes/outcome-chain.ts";
export {
  type EvidentOutcome,
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
  type Reach,
  type SameAs,
} from "./outcomes/outcome-model.ts";
export { parseOutputRecording } from "./outcomes/output-recording.ts";
export {
  createTableRecords,
  mainMethodOf,
  type OutputRecording,
  type OutputRecords,
  type RecordedEquivalence,
  type RecordedReport,
  rememberRecords,
} from "./outcomes/output-records.ts";
export { parseIrreproducible } from "./outcomes/parse-irreproducible.ts";
export { RecordedOutputs } from "./outcomes/recorded-outputs.ts";
export { createServerRecords, type ServerQueries } from "./outcomes/server-records.ts";
export { findTaskHabit, TASK_HABITS, type TaskHabit } from "./outcomes/task-habits.ts";
export { type UniqueChoice, type UniqueTask, uniqueOutputsOf } from "./outcomes/unique-outputs.ts";
export { OUTHASH_METHOD, type OutHashContext, outHashOf } from "./outhash.ts";
export { OutHashExtra } from "./outhash-extra.ts";
export { dealPolicies, joinByPolicy, orderOfBuilds } from "./parts.ts";
export { LEVELS, type Level, levelText } from "./policies/level.ts";
export { defaultPolicyNames, KNOWN_UNSOUND, type PolicyName, policyNames } from "./policies/names.ts";
export { parsePolicyOptions, parsePolicyOptionsPart } from "./policies/parse-policy-options.ts";
export { type CreatePolicy, type PluggedPolicy, POLICY_PARTS, pluggedPolicy, pluginPolicy } from "./policies/plugin.ts";
export type { Adoption, Policy, PolicyContext, PolicyServer, Rebuilder, Reporter } from "./policies/policy.ts";
export { POLICY_OPTIONS_FORMAT, type PolicyOptions, policyOptionsSchema } from "./policies/policy-options.ts";
export { getPolicy } from "./policies/registry.ts";
export { predictionDocument } from "./predict/describe-prediction.ts";
export { formatPrediction, formatPredictionMarkdown } from "./predict/format-prediction.ts";
export { predictBuild } from "./predict/predict-build.ts";
export { type ChangedRecipe, isAbove, type PredictionReport } from "./predict/prediction.ts";
export { replayHistory } from "./replay.ts";
export { accountDocument } from "./report/account-document.ts";
export { assumptionsOf } from "./report/assumptions.ts";
export { type DurationsUsed, describeDurations, durationSentences } from "./report/durations-used.ts";
export { chooseUnit, type TimeUnit } from "./report/figures.ts";
export { formatOutcomes } from "./report/format-outcomes.ts";
export { type FormatOptions, formatReplay } from "./report/format-replay.ts";
export { formatVerify } from "./report/format-verify.ts";
export type { NamedInput } from "./report/named-input.ts";
export { type NeedlessRecipe, NeedlessTally, type NeedlessWork } from "./report/needless.ts";
export { replayDocument } from "./report/replay-document.ts";
export {
  describeHistory,
  groundsOf,
  REPORT_FORMAT,
  type ReplayReport,
  type ReplaySetting,
  type Sensitivity,
} from "./report/replay-report.ts";
export { type FateWhy, fatesOf, formatFatesCsv, type KnownSecondsOf, type TaskFate } from "./report/task-fates.ts";
export { STALE_REASONS, StaleWatch, type StaleWhy, type Unsound } from "./report/unsound.ts";
export { verdictOf } from "./report/verdict.ts";
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
} from "./report/verify-report.ts";
export type { MeasuredPolicy, MeasuredStep, ReplayResult } from "./result.ts";
export {
  formatRetention,
  formatRetentionCsv,
  type RetentionReport,
  retentionDocument,
} from "./retention/format-retention.ts";
export {
  measureRetention,
  type RetentionCost,
  type RetentionCurve,
  type RetentionVariant,
  replayVariants,
} from "./retention/measure-retention.ts";
export { hasCommit } from "./step-commit.ts";
export { nostampTaints } from "./steps.ts";
export { formatConfidenceCsv } from "./sweep/confidence-rows.ts";
export { sweepDocument } from "./sweep/describe-sweep.ts";
export { formatSweep } from "./sweep/format-sweep.ts";
export { findDrawnGroups } from "./sweep/groups.ts";
export { mergeParts, type NamedPart } from "./sweep/merge-parts.ts";
export { replaySample, type SampleRow, type SampleUnit } from "./sweep/sample.ts";
export { formatSamplesCsv } from "./sweep/sample-rows.ts";
export {
  inOrderOf,
  type Shard,
  SWEEP_PART_FORMAT,
  type SweepPlan,
  type SweepRun,
  unitsOf,
} from "./sweep/sweep-run.ts";
export { type TaskKey, taskKeyOf } from "./task-key.ts";
export { parseByteSize, SIZE_EXPECTED } from "./topology/byte-size.ts";
export { parseTopology, parseTopologyPart } from "./topology/parse-topology.ts";
export type {
  BuilderKind,
  Cadence,
  PruneRule,
  Topology,
  TopologyBuilder,
  TopologyCache,
  TopologyServer,
} from "./topology/topology.ts";
export { singleBuilder } from "./topology/topology.ts";
export { TOPOLOGY_FORMAT } from "./topology/topology-schema.ts";
export { type Content, formatContent, parseContent } from "./truth/content.ts";
export { Contents, type UnseenDeps } from "./truth/truth.ts";
export { buildersIn } from "./turns.ts";
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
} from "./verify/verify.ts";
export { type YamlErrorClass, type YamlPath, YamlText } from "./yaml-text.ts";
