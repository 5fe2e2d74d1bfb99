export { readCapture, readHistory, writeCapture, writeHistory } from "./captures-and-histories.ts";
export { readLines, writeLines } from "./line-files.ts";
