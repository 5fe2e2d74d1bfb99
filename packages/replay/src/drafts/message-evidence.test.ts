import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readHistory } from "@depid/task-graph/fs";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { createLabelSource, parseLabels } from "../outcomes/labels.ts";
import { createMessageEvidence, readTitle } from "./message-evidence.ts";
import { findOwnChanges } from "./own-changes.ts";

const EXAMPLE = join(import.meta.dirname, "../../../../examples/oe-core/core-image-minimal");

/** Titles of commits in examples/oe-core. */
describe("a commit's title suggests", () => {
  it.each([
    ["expat: upgrade 2.8.1 -> 2.8.2", ["expat"], "an upgrade", "propagating"],
    ["mesa/mesa-tools-native: Upgrade 26.1.2 -> 26.1.4", ["mesa", "mesa-tools"], "an upgrade", "propagating"],
    ["gnu-config: upgrade to latest revision", ["gnu-config"], "an upgrade", "propagating"],
    ["python3: fix CVE-2026-11940", ["python3"], "a security fix", "contained"],
    ["libxml2: patch CVE-2026-11979", ["libxml2"], "a security fix", "contained"],
    ["bc: set CVE_PRODUCT", ["bc"], "data for CVE checks", "contained"],
    ["python3: add back Co-authored-by in CVE-2026-11972 patch", ["python3"], "lines of a patch's header", "neutral"],
    ["glib-2.0: refresh gio-querymodules install path patch", ["glib-2.0"], "a patch refreshed", "neutral"],
    ['kernel.bbclass: fix typo in comment, "INTIRAMFS_TASK"', ["kernel"], "a comment or typo", "neutral"],
    [
      "meson: add explanatory comment to the meson-native wrapper script",
      ["meson"],
      "a comment in a script",
      "contained",
    ],
    ["libarchive: skip fuzz tests in ptest run", ["libarchive"], "tests that packages carry", "contained"],
    ["classes/insane: increase shebang size limit", ["classes/insane"], "checks", "neutral"],
    ["classes/insane: create one CachedPath instance in qa_check_staged", ["classes/insane"], "checks", "neutral"],
    ["oeqa: allow exceptions in buildpath HOME checks", ["oeqa"], "checks", "neutral"],
    ["qemu: add ppc64le support to COMPATIBLE_HOST", ["qemu"], "another architecture", "neutral"],
    [
      "dropbear: Add missing WTFPL & Unlicense in LICENSE and LIC_FILES_CHKSUM",
      ["dropbear"],
      "license and descriptions",
      "contained",
    ],
    ["busybox: enable xxd", ["busybox"], undefined, undefined],
    ["classes/meson: use ninja explicitly when compiling", ["classes/meson"], undefined, undefined],
  ])("%s", (title, subjects, kind, outcome) => {
    const { rule, ...read } = readTitle(title);
    expect([read.subjects, rule?.kind, rule?.outcome]).toEqual([subjects, kind, outcome]);
  });
});

describe("of the commits of a step", () => {
  const guess = (name: string, ...titles: string[]) => {
    const commits = titles.map((title, i) => ({ id: `c${i}`, title }));
    const step = { step: 1, id: `c${titles.length - 1}`, commits };
    const evidence = createMessageEvidence().evidenceOf({ step, before: sketchTask(name), after: sketchTask(name) });
    return evidence && [evidence.commit, evidence.kind, evidence.outcome, evidence.sure];
  };
  it.each<[string, string, string[], unknown]>([
    [
      "the one that names the recipe counts",
      "a-native:do_x",
      ["a: upgrade 1 -> 2", "b: fix CVE-2026-1"],
      ["c0", "an upgrade", "propagating", false],
    ],
    [
      "else the last, if it is about no recipe",
      "a:do_x",
      ["b: upgrade 1 -> 2", "classes/c: fix typo"],
      ["c1", "a comment or typo", "neutral", false],
    ],
    ["and none, if it is about another", "a:do_x", ["classes/c: fix typo", "b: upgrade 1 -> 2"], undefined],
    [
      "the only one is about whatever changed",
      "a:do_x",
      ["b: upgrade 1 -> 2"],
      ["c0", "an upgrade", "propagating", false],
    ],
    [
      "native recipes have no packages with tests",
      "a-native:do_x",
      ["a: skip a test in ptest"],
      ["c0", "tests that packages carry", "neutral", false],
    ],
    [
      "SPDX documents have an outcome of their own",
      "a:do_create_spdx",
      ["a: upgrade 1 -> 2"],
      ["c0", "SPDX documents", "contained", false],
    ],
    ["QA tasks make nothing", "a:do_package_qa", ["a: upgrade 1 -> 2"], ["c0", "a QA task", "neutral", false]],
    ["without titles nothing is known", "a:do_x", [], undefined],
  ])("%s", (_what, name, titles, expected) => {
    expect(guess(name, ...titles)).toEqual(expected);
  });
});

it("of the 2,078 changes of examples/oe-core titles say of 1,712 what the labels by hand say, of 118 another thing, of 248 nothing", async () => {
  const text = await readFile(`${EXAMPLE}.labels.yaml`, "utf8");
  const judge = createLabelSource(parseLabels(text, "judge"), "judge");
  const source = createMessageEvidence();
  const table: Record<string, number> = {};
  const wrong = new Set<string>();
  for await (const { changes } of findOwnChanges(await readHistory(`${EXAMPLE}.history.jsonl.gz`))) {
    for (const change of changes) {
      const truth = judge.outcomeOf(change) as string;
      const { outcome = "nothing", kind = "" } = source.evidenceOf(change) ?? {};
      const cell = `${truth}, guessed ${outcome as string}`;
      table[cell] = (table[cell] ?? 0) + 1;
      if (truth === "propagating" && outcome === "neutral") wrong.add(kind);
    }
  }
  expect(table).toEqual({
    "neutral, guessed neutral": 1090,
    "neutral, guessed nothing": 204,
    "contained, guessed neutral": 20,
    "contained, guessed contained": 421,
    "contained, guessed propagating": 67,
    "contained, guessed nothing": 39,
    "propagating, guessed neutral": 31,
    "propagating, guessed propagating": 201,
    "propagating, guessed nothing": 5,
  });
  expect([...wrong]).toEqual(["a QA task"]); // a label by hand names the recipe, not each of its tasks
});
