export { loadGenerator } from "./load-generator.ts";
