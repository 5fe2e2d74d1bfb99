export { type CommandEntry, type Example, examplesOf, showExamples } from "./entry.ts";
export { BUG, describeFailure, type Failure } from "./failure.ts";
export { guardStdout } from "./guard-stdout.ts";
export { offering } from "./offering.ts";
export { plant } from "./plant.ts";
export { BAD_USAGE, createProgram, pathOf, statusOf } from "./program.ts";
export { describeVersion } from "./version.ts";
