export { type Page, policyOf } from "../page/format-page.ts";
export { PageError } from "./page-error.ts";
export { formatPage, readPage } from "./read-page.ts";
