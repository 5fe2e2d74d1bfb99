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

it("a log for people has the level and the text, a line for each", () => {
  expect(linesOf("text", "WARNING")).toEqual(['ERROR: a\\n"ERROR"', 'WARNING: a\\n"WARNING"']);
});

it.each(["text", "json"] as const)(
  "a log as %s has no line and no command to a terminal that a client chose",
  (format) => {
    const lines: string[] = [];
    const text = "x\nERROR: forged\r\t\u001b[2J\u0007\u007f\u009b1m\u2028\0 ä😀 \\n";
    createLog(format, "INFO", (line) => lines.push(line))("INFO", text);
    expect(lines.length).toBe(1);
    expect(lines[0]).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
    expect(lines[0]).toContain("ä😀");
    if (format === "json") expect(JSON.parse(lines[0] ?? "").message).toBe(text);
    else expect(lines[0]).toBe("INFO: x\\nERROR: forged\\r\\t\\u001b[2J\\u0007\\u007f\\u009b1m\\u2028\\u0000 ä😀 \\n");
  },
);

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
