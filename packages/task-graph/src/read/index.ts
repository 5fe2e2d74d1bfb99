export { CaptureReader, parseCapture } from "./capture-reader.ts";
export { describeProblem } from "./describe-problem.ts";
export { HistoryReader, parseHistory } from "./history-reader.ts";
export { type LineErrorClass, parseJsonLine } from "./json-line.ts";
export { StateReader } from "./state-reader.ts";
