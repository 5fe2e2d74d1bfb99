import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseLabels } from "@depid/replay";
import { sketchHistory } from "@depid/replay/testing";
import { writeHistory } from "@depid/task-graph/fs";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REPOSITORY, runDepid } from "./testing/run-depid.ts";

const EXAMPLE = join(REPOSITORY, "examples/oe-core/core-image-minimal");
/** Tests that run the program more than once. */
const MINUTES = 120_000;
const COMMIT = "1234567890".repeat(4);

let folder: string;
let history: string;
let output: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-label-"));
  history = join(folder, "h.history.jsonl.gz");
  output = join(folder, "labels.yaml");
  const state = (text: string, summary: string) =>
    ["a", "b", "c"].map((pn) => {
      const variables = [
        { name: "SUMMARY", value: pn === "c" ? summary : "", deps: [] },
        { name: "do_x", value: pn === "c" ? "" : text, deps: [] },
      ];
      return sketchTask(`${pn}:do_x`, { variables, basehash: basehashOf(JSON.stringify(variables)) });
    });
  const { header, steps } = sketchHistory(state("\tmake\n", "a"), { upsert: state("\t# all\n\tmake\n", "b") });
  const commits = [{ id: COMMIT, title: "classes/q: say why" }];
  await writeHistory(history, {
    header,
    steps: steps.map((it) => (it.step === 1 ? { ...it, id: COMMIT, commits } : it)),
  });
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("depid label", () => {
  it(
    "drafts a label per change from the texts in the history, which replay reads",
    async () => {
      const { status, stdout, stderr } = await runDepid("label", history, "-o", output);
      expect([status, stderr]).toEqual([0, ""]);
      expect(stdout).toBe(
        `${output}: 2 labels drafted; of 3 changes of a task's own inputs 0 had one\nno source knows: 0 changes, in 0 of the labels\n`,
      );
      const text = await readFile(output, "utf8");
      expect(text).toContain("  # Step 1, 2026-01-01\n  #   1234567890 classes/q: say why\n");
      expect(text).toContain("  # 2 changes in 2 recipes, reaching 2 tasks\n");
      expect(parseLabels(text, output).labels).toEqual([
        {
          commit: "1234567890",
          recipe: "c",
          task: "do_x",
          outcome: "contained",
          reason: "Guess by classes, package text: variable SUMMARY has another text (-a +b)",
          sure: false,
        },
        {
          commit: "1234567890",
          task: "do_x",
          outcome: "neutral",
          reason: "Guess by classes, comment or white space: variable do_x has another text (+# all)",
          sure: false,
        },
      ]);
      const replayed = await runDepid(
        "replay",
        history,
        "--outcomes",
        output,
        "--builder",
        "persistent",
        "--policy",
        "basichash,clairvoyant",
        "--json",
      );
      expect([replayed.status, JSON.parse(replayed.stdout).policies[1].sum.executed]).toEqual([0, 1]);
    },
    MINUTES,
  );

  it(
    "without variables knows what titles say; on stdout, with what it did on stderr",
    async () => {
      const { status, stdout, stderr } = await runDepid("label", `${EXAMPLE}.history.jsonl.gz`, "--from", "messages");
      expect([status, stderr]).toEqual([
        0,
        expect.stringMatching(
          /^\d+ labels drafted; of 2078 changes .*\nno source knows: 248 changes, in \d+ of the labels\nunknown: the texts of \d+ changes, which .*\n$/,
        ),
      ]);
      const drafted = parseLabels(stdout, "stdout").labels;
      expect(drafted.length).toBeLessThan(140); // 82 by hand
      expect(drafted.every((it) => !it.sure)).toBe(true);
    },
    MINUTES,
  );

  it("keeps labels that are there and drafts the rest", async () => {
    const mine = join(folder, "mine.yaml");
    const text = `# mine\nformat: depid-labels/1\notherwise: neutral\nlabels:\n  - commit: "1234567"\n    recipe: a\n    outcome: contained\n    reason: seen\n`;
    await writeFile(mine, text);
    const { status } = await runDepid("label", history, "--labels", mine, "-o", output);
    const result = await readFile(output, "utf8");
    expect([status, result.startsWith(text)]).toEqual([0, true]);
    expect(parseLabels(result, output).labels.map((it) => [it.recipe, it.sure])).toEqual([
      ["a", true],
      ["b", false],
      ["c", false],
    ]);
  });

  it("says so when labels match nothing, or a history has nothing to label: exit status 1", async () => {
    const mine = join(folder, "mine.yaml");
    await writeFile(
      mine,
      `format: depid-labels/1\notherwise: neutral\nlabels:\n  - commit: "7654321"\n    outcome: contained\n    reason: seen\n`,
    );
    const other = await runDepid("label", history, "--labels", mine, "-o", output);
    expect([other.status, other.stderr]).toEqual([1, `${mine}: none of its 1 label matches a change of ${history}\n`]);
    const still = join(folder, "still.history.jsonl");
    await writeHistory(still, sketchHistory([sketchTask("a:do_x")]));
    const { status, stderr } = await runDepid("label", still, "-o", join(folder, "none.yaml"));
    expect([status, stderr]).toEqual([
      1,
      `${still}: no step changes the own inputs of a task: there is nothing to label\n`,
    ]);
  });

  it("makes JSON", async () => {
    const { stdout } = await runDepid("label", history, "--from", "messages,classes", "--json");
    const { labels, ...rest } = JSON.parse(stdout);
    expect(rest).toEqual({
      format: "depid-label-draft/1",
      history,
      output: null,
      sources: ["messages", "classes"],
      given: null,
      changes: 3,
      labelled: 0,
      withoutTexts: 0,
      unnamed: [],
    });
    expect(labels[1]).toMatchObject({
      step: 1,
      commit: "1234567890",
      recipe: null,
      task: "do_x",
      outcome: "neutral",
      changes: 2,
      reaches: 2,
    });
  });

  it(
    "overwrites a file only with --force, and leaves nothing else",
    async () => {
      await writeFile(output, "mine");
      const { status, stderr } = await runDepid("label", history, "-o", output);
      expect([status, stderr]).toEqual([2, `depid: --output ${output}: is there already; --force overwrites it\n`]);
      expect(await readFile(output, "utf8")).toBe("mine");
      expect((await runDepid("label", history, "-o", output, "--force")).status).toBe(0);
      expect(parseLabels(await readFile(output, "utf8"), output).labels).toHaveLength(2);
      expect((await readdir(folder)).sort()).toEqual(["h.history.jsonl.gz", "labels.yaml"]);
    },
    MINUTES,
  );

  it.each<[string, (file: string) => string[], RegExp]>([
    [
      "a source that there is not",
      (file) => [file, "--from", "magic"],
      /--from magic: expected classes, messages or recorded:SOURCE/,
    ],
    ["a history that is missing", () => ["nowhere"], /nowhere: cannot be read: no such file/],
    [
      "labels that are missing",
      (file) => [file, "--labels", "nowhere"],
      /^depid: nowhere: cannot be read as labels: no such file or directory$/,
    ],
    ["labels that are none", (file) => [file, "--labels", "package.json"], /package\.json:1: /],
    [
      "a folder that is missing",
      (file) => [file, "-o", "no/where.yaml"],
      /--output no\/where\.yaml: cannot be written: /,
    ],
    ["no history", () => [], /missing required argument 'history'/],
  ])("exit status 2 and one line for %s", async (_what, args, message) => {
    const { status, stdout, stderr } = await runDepid("label", ...args(history));
    expect([status, stdout, stderr.trimEnd().split("\n")]).toEqual([2, "", [expect.stringMatching(message)]]);
  });
});
