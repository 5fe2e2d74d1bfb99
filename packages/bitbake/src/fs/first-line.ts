import { readLines } from "@depid/task-graph/fs";
import { BuildInputError } from "../errors.ts";

class Enough extends Error {}

/** The first line of a file, gzip or plain. @throws {BuildInputError} when it cannot be read */
export async function readFirstLine(file: string): Promise<string> {
  let first = "";
  try {
    await readLines(file, FirstLineError, (line) => {
      first = line;
      throw new Enough();
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  return first;
}

class FirstLineError extends BuildInputError {
  constructor(source: string, _line: number, problem: string, options?: ErrorOptions) {
    super(source, problem, options);
  }
}
