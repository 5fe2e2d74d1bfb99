export { classOddsSchema } from "../outcomes/class-odds.ts";
export {
  type CaptureDocument,
  captureDocumentSchema,
  type GitDocument,
  gitDocumentSchema,
  type SigdataDocument,
  sigdataDocumentSchema,
} from "./import-documents.ts";
export { type LabelDocument, labelDocumentSchema } from "./label-document.ts";
export { type OuthashDocument, outhashDocumentSchema } from "./outhash-document.ts";
export {
  type ExplainedScenario,
  type ReplayedScenario,
  scenarioExplainSchema,
  scenarioReplaySchema,
} from "./scenario-documents.ts";
export { type TableDocument, tableDocumentSchema } from "./table-document.ts";
