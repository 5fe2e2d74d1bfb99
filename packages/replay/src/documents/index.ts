export { type ReplayDocument, replayDocumentSchema } from "./replay-document.ts";
export { type VerifyDocument, verifyDocumentSchema } from "./verify-document.ts";
