export { type LocksDocument, locksDocumentSchema } from "./locks-document.ts";
