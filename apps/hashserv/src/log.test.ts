import type { LogLevel } from "@depid/hashserv";
import { expect, it } from "vitest";
import { createLog } from "./log.ts";
import type { LogFormat } from "./network-options.ts";

function linesOf(format: LogFormat, least: LogLevel): readonly string[] {
  const lines: string[] = [];
  const log = createLog(format, least, (line) => lines.push(line));
  for (const level of ["ERROR", "WARNING", "INFO", "DEBUG"] as const) log(level, `a\n"${level}"`);
  return lines;
}

it("a log for people has the level and the text", () => {
  expect(linesOf("text", "WARNING")).toEqual(['ERROR: a\n"ERROR"', 'WARNING: a\n"WARNING"']);
});

it("a log for programs has an object per line", () => {
  const lines = linesOf("json", "INFO");
  for (const line of lines) expect(line).not.toContain("\n");
  expect(lines.map((line) => JSON.parse(line))).toEqual(
    (["error", "warn", "info"] as const).map((level, i) => ({
      level,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      pid: process.pid,
      message: `a\n"${["ERROR", "WARNING", "INFO"][i]}"`,
    })),
  );
});
