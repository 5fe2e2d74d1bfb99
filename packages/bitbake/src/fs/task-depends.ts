import { type TaskDepends, TaskDependsReader } from "../task-depends.ts";
import { readTextLines } from "./text-lines.ts";

/** Reads `task-depends.dot`. @throws {BitbakeFileError} naming file and line */
export async function readTaskDependsDot(file: string): Promise<TaskDepends> {
  const reader = new TaskDependsReader(file);
  await readTextLines(file, (line) => reader.push(line));
  return reader.end();
}
