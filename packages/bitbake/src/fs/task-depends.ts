import { LeftOut, type RowSource } from "../table.ts";
import { type EdgeRow, formatEdges, type TaskDepends, TaskDependsReader } from "../task-depends.ts";
import { readTextLines } from "./text-lines.ts";

/** Reads `task-depends.dot`. @throws {BitbakeFileError} naming file and line */
export async function readTaskDependsDot(file: string): Promise<TaskDepends> {
  const reader = new TaskDependsReader(file);
  await readTextLines(file, (line) => reader.push(line));
  return reader.end();
}

/** The dependencies of a graph that was read from a file, as a table. */
export function edgesOf(graph: TaskDepends, file: string): RowSource<EdgeRow> {
  async function* rows(): AsyncGenerator<EdgeRow> {
    yield* formatEdges(graph);
  }
  return {
    header: {
      table: "edges",
      source: file,
      unknown: ["which dependencies are hashed: the file has those that must be complete before a task runs"],
      assumed: ["recipes of one name in several files are one: the file tells them apart by name only"],
    },
    rows: rows(),
    leftOut: new LeftOut(),
  };
}
