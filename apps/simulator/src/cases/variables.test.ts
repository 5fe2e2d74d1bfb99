import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadBuild } from "@depid/bitbake/fs";
import {
  compareCaptures,
  diffDocument,
  explainTask,
  formatDiff,
  formatExplain,
  formatMarkdown,
  formatMismatchOfWorker,
} from "@depid/compare";
import { afterAll, describe, expect, it } from "vitest";
import { CASES, runDepid } from "../testing/run-depid.ts";

const STAMPS = join(CASES, "05-variable-chain/stamps/core2-64-oe-linux/stampy");
const [A = "", B = ""] = readdirSync(STAMPS).sort();

describe("the time of the build in a hash (case 05)", async () => {
  const [before, after] = [await loadBuild(join(STAMPS, A)), await loadBuild(join(STAMPS, B))];
  const report = { before: "a", after: "b", comparison: compareCaptures(before, after), limit: 9, lines: 9 };
  const way = "way: do_compile -> IMAGE_TAG -> DATETIME -> TIME";
  const wayOut = 'kept out of the hash by IMAGE_TAG[vardepsexclude] += "DATETIME"';

  it.each([
    ["diff", formatDiff(report)],
    ["diff --markdown", formatMarkdown(report)],
    [
      "explain",
      formatExplain(
        explainTask(
          { name: "b", capture: after },
          "stampy:do_compile",
          { name: "a", capture: before },
          { allPaths: undefined },
        ),
      ),
    ],
  ])("%s names the way to it, that it is never reproducible, and where vardepsexclude belongs", (_, text) => {
    expect(text).toContain(way);
    expect(text).toContain("time of the build: never reproducible");
    expect(text).toContain(wayOut);
    expect(text).toContain("clock");
  });

  it("a worker's metadata are explained so too", () => {
    const change = report.comparison.changed[0];
    const text = formatMismatchOfWorker({ file: "f", stated: "a", taskhash: "b", change });
    expect(text).toContain(way);
    expect(text).toContain("time of the build: never reproducible");
    expect(text).toContain(wayOut);
  });

  const folder = mkdtempSync(join(tmpdir(), "depid-cases-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const hashOf = (file: string) => file.split(".").at(-1);
  const log =
    `ERROR: Taskhash mismatch ${hashOf(B)} versus ${hashOf(A)} for /mini/stampy.bb:do_compile\r\n` +
    `ERROR: The metadata is not deterministic and this needs to be fixed.\r\n`;

  it.each<[string, Buffer]>([
    ["UTF-8", Buffer.from(log)],
    ["UTF-16, as PowerShell redirects it", Buffer.from(`\ufeff${log}`, "utf16le")],
    ["UTF-16 without a mark", Buffer.from(log, "utf16le")],
    ["UTF-16 of the other order", Buffer.from(`\ufeff${log}`, "utf16le").swap16()],
  ])("explain --console says it too, of a log in %s", async (_, bytes) => {
    const file = join(folder, "console.log");
    writeFileSync(file, bytes);
    const { status, stdout } = await runDepid("explain", "--console", file, STAMPS);
    expect([status, stdout]).toEqual([1, expect.stringContaining(way)]);
    expect(stdout).toContain(wayOut);
  });

  it("JSON has all three", () => {
    expect(diffDocument(report)).toMatchObject({
      causes: [
        {
          class: { name: "clock", sure: "likely" },
          changes: [
            {
              name: "TIME",
              way: ["do_compile", "IMAGE_TAG", "DATETIME", "TIME"],
              exclude: { on: "IMAGE_TAG", variable: "DATETIME" },
            },
          ],
        },
      ],
    });
  });
});
