export { type RunDocument, runDocumentSchema } from "./run-document.ts";
