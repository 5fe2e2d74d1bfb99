import { readLines } from "@depid/task-graph/fs";
import { BuildInputError } from "../errors.ts";

/** The first line of a file, gzip or plain; "" of an empty one. @throws {BuildInputError} when it cannot be read */
export async function readFirstLine(file: string): Promise<string> {
  for await (const line of readLines(file, FirstLineError)) return line;
  return "";
}

class FirstLineError extends BuildInputError {
  constructor(source: string, _line: number, problem: string, options?: ErrorOptions) {
    super(source, problem, options);
  }
}
