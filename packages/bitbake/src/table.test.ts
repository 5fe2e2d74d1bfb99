import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseTable } from "./read/index.ts";
import { formatTable, LeftOut, type RowSource } from "./table.ts";

const row = z.strictObject({ task: z.string(), seconds: z.number() });
const HEADER = { table: "durations", source: "buildstats", unknown: ["what waited"], assumed: ["a clock"] };

function sourceOf(rows: readonly z.output<typeof row>[]): RowSource<z.output<typeof row>> {
  const leftOut = new LeftOut();
  async function* read() {
    for (const one of rows) yield one;
    for (const name of ["a", "b", "c", "d"]) leftOut.add("no task", name);
  }
  return { header: HEADER, rows: read(), leftOut };
}

async function linesOf(rows: readonly z.output<typeof row>[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of formatTable(sourceOf(rows))) lines.push(line);
  return lines;
}

describe("a table", () => {
  const rows = [
    { task: "do_a", seconds: 1.5 },
    { task: "do_b", seconds: 2 },
  ];

  it("is what was written, with how much was left out and three examples", async () => {
    const table = parseTable(await linesOf(rows), "t", row);
    expect(table).toEqual({
      header: HEADER,
      rows,
      leftOut: [{ reason: "no task", count: 4, examples: ["a", "b", "c"] }],
    });
  });

  it.each([
    ["nothing", () => [], 't: expected a first line with "format": "depid-table/1", found nothing'],
    ["another version", (l: string[]) => [l[0]?.replace("/1", "/2")], /^t:1: format: /],
    ["no end", (l: string[]) => l.slice(0, -1), "t:3: the line `end` is missing (truncated?)"],
    ["a row too few", (l: string[]) => [l[0], ...l.slice(2)], "t:3: end.rows: 2, but there are 1"],
    ["a row of something else", (l: string[]) => [l[0], '{"task":"do_a"}', l[2], l[3]], /^t:2: seconds: /],
    ["more behind the end", (l: string[]) => [...l, "{}"], "t:5: expected nothing behind the line `end`"],
  ] as [string, (lines: string[]) => string[], string | RegExp][])(
    "with %s is refused",
    async (_what, change, message) => {
      const lines = change(await linesOf(rows));
      expect(() => parseTable(lines, "t", row)).toThrow(message);
    },
  );
});
