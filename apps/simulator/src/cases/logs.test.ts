import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES, runDepid } from "../testing/run-depid.ts";

const LOG = join(CASES, "07-log-apostrophe/j-html.log");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-cases-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("a console log kept as HTML (case 07)", () => {
  it("has its counts in table, summary and JSON alike", async () => {
    const table = join(folder, "log.jsonl");
    const [text, json] = await Promise.all([
      runDepid("import", "log", LOG),
      runDepid("import", "log", LOG, "--json", "-o", table),
    ]);
    expect([text.status, json.status]).toEqual([0, 0]);
    expect(text.stdout).toContain("attempted: 4036\nskipped: 4017\nfailed: 2\nexecuted: unknown\n");
    expect(text.stdout).toContain("build 1, line 2: wanted 79, found 70; attempted 2018, skipped 1999, failed 2;");
    expect(text.stdout).toContain("build 2, line 5: wanted 61, found 61; attempted 2018, skipped 2018, failed 0;");
    expect(JSON.parse(json.stdout)).toMatchObject({ attempted: 4036, failed: 2, executed: null });
    const rows = (await readFile(table, "utf8")).split("\n").filter((line) => line.startsWith('{"build"'));
    expect(rows.map((row) => JSON.parse(row))).toMatchObject([
      { attempted: 2018, skipped: 1999, failed: 2 },
      { attempted: 2018, skipped: 2018, failed: 0 },
    ]);
  });

  it("cut off, has unknowns in all three", async () => {
    const [log, table] = [join(folder, "cut.log"), join(folder, "cut.jsonl")];
    await writeFile(log, (await readFile(LOG, "utf8")).split("\n").slice(0, 5).join("\n"));
    const [text, json] = await Promise.all([
      runDepid("import", "log", log),
      runDepid("import", "log", log, "--json", "-o", table),
    ]);
    expect(text.stdout).toContain("attempted: unknown\nskipped: unknown\nfailed: unknown\n");
    expect(JSON.parse(json.stdout)).toMatchObject({ wanted: 140, attempted: null, skipped: null, failed: null });
    expect(await readFile(table, "utf8")).toContain('"attempted":null,"skipped":null,"failed":null');
  });

  it("that is no log is refused", async () => {
    const file = join(folder, "notes.txt");
    await writeFile(file, "nothing of BitBake\n");
    const { status, stdout, stderr } = await runDepid("import", "log", file);
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(/^depid: .*notes\.txt: expected BitBake's console output/);
  });
});
