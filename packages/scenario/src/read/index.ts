export { parseScenario } from "./parse-scenario.ts";
