import { TASK_PREFIX } from "@depid/hash";
import type { DurationRecord } from "./durations.ts";
import { DurationsError } from "./errors.ts";

const NEEDED = ["recipe", "task", "elapsed"] as const;
const COLUMNS: readonly string[] = [...NEEDED, "cpu", "build"];
const SECONDS = /^\d+(?:\.\d+)?$/;

/**
 * Reads a table of durations as CSV: a first line that names the columns `recipe`, `task`, `elapsed` and, if it has them, `cpu` and `build`, then a
 * line for each run. Nothing is quoted: names of recipes and tasks have no comma. An empty `cpu` or `build` is not known.
 *
 * @param source what the text is called in messages, and the build of lines that name none
 * @throws {DurationsError} naming source, line and column
 */
export function parseDurationCsv(lines: Iterable<string>, source: string): DurationRecord[] {
  let columns: readonly string[] | undefined;
  const records: DurationRecord[] = [];
  let line = 0;
  for (const content of lines) {
    line += 1;
    const cells = content.split(",");
    if (columns === undefined) columns = readColumns(cells, source);
    else if (content !== "") records.push(readRow(columns, cells, source, line));
  }
  if (columns === undefined)
    throw new DurationsError(source, 0, `expected a first line ${NEEDED.join(",")}, found nothing`);
  return records;
}

function readColumns(cells: readonly string[], source: string): readonly string[] {
  const isWhole = NEEDED.every((name) => cells.includes(name)) && new Set(cells).size === cells.length;
  if (!isWhole || !cells.every((name) => COLUMNS.includes(name)))
    throw new DurationsError(
      source,
      1,
      `expected the columns ${NEEDED.join(",")} and perhaps cpu,build, found ${excerptOf(cells.join(","))}`,
    );
  return cells;
}

function readRow(columns: readonly string[], cells: readonly string[], source: string, line: number): DurationRecord {
  if (cells.length !== columns.length)
    throw new DurationsError(source, line, `expected ${columns.length} columns, found ${cells.length}`);
  const cell = (name: string): string => cells[columns.indexOf(name)] ?? "";
  const secondsOf = (name: string): number => {
    if (!SECONDS.test(cell(name)))
      throw new DurationsError(source, line, `${name}: expected seconds, found ${excerptOf(cell(name))}`);
    return Number(cell(name));
  };
  if (cell("recipe") === "") throw new DurationsError(source, line, "recipe: expected a name, found nothing");
  if (!cell("task").startsWith(TASK_PREFIX))
    throw new DurationsError(source, line, `task: expected a name with do_, found ${excerptOf(cell("task"))}`);
  return {
    recipe: cell("recipe"),
    task: cell("task"),
    elapsed: secondsOf("elapsed"),
    ...(cell("cpu") === "" ? {} : { cpu: secondsOf("cpu") }),
    build: cell("build") === "" ? source : `${source} ${cell("build")}`,
  };
}

function excerptOf(text: string): string {
  return text.length > 60 ? `${JSON.stringify(text.slice(0, 57))}...` : JSON.stringify(text);
}
