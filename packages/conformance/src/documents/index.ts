export { type ConformanceDocument, conformanceDocumentSchema } from "./conformance-document.ts";
