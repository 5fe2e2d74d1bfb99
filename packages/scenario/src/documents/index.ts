export { scenarioFileSchema } from "../read/scenario-file.ts";
