export { type OuthashDocument, outhashDocumentSchema } from "./outhash-document.ts";
