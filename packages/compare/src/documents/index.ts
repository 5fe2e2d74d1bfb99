export { type DiffDocument, diffDocumentSchema } from "./diff-document.ts";
export {
  type ChangedInput,
  type ExplainDocument,
  type ExplainedChange,
  explainDocumentSchema,
} from "./explain-document.ts";
export { type MismatchDocument, mismatchDocumentSchema } from "./mismatch-document.ts";
