export { readCapture, readHistory, readStates, writeCapture, writeHistory } from "./captures-and-histories.ts";
export { checkOutput, readLines, writeLines } from "./line-files.ts";
