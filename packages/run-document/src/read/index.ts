export { parseRun } from "./parse-run.ts";
