export { policyOptionsFileSchema } from "../policies/policy-options.ts";
export { topologySchema } from "../topology/topology-schema.ts";
export { type AnswerDocument, answerDocumentSchema } from "./answer-document.ts";
export { type PredictionDocument, predictionDocumentSchema } from "./prediction-document.ts";
export { type ReplayDocument, replayDocumentSchema } from "./replay-document.ts";
export { type RetentionDocument, retentionDocumentSchema } from "./retention-document.ts";
export { type SweepDocument, sweepDocumentSchema } from "./sweep-document.ts";
export { type SweepPart, sampleRow as sampleRowSchema, sweepPartSchema } from "./sweep-part.ts";
export { type VerifyDocument, verifyDocumentSchema } from "./verify-document.ts";
