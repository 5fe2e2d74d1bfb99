export { type DoctorDocument, doctorDocumentSchema } from "./doctor-document.ts";
