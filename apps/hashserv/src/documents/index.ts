export {
  type ClientDocument,
  clientDocumentSchema,
  type StressDocument,
  type TimesDocument,
} from "./client-documents.ts";
