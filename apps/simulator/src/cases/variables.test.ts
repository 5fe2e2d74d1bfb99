import { readdirSync } from "node:fs";
import { join } from "node:path";
import { loadBuild } from "@depid/bitbake/fs";
import { compareCaptures, diffDocument, explainTask, formatDiff, formatExplain, formatMarkdown } from "@depid/compare";
import { describe, expect, it } from "vitest";
import { CASES } from "../run-depid.testing.ts";

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
