import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLabelSource } from "../outcomes/labels.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { pessimistic } from "../outcomes/outcome-model.ts";
import { getPolicy } from "../policies/registry.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import { parseTopology } from "../topology/parse-topology.ts";
import { predictBuild } from "./predict-build.ts";
import { isAbove, type PredictionReport, sentenceOf, settingSentences } from "./prediction.ts";
import { inReadingOrder } from "./stops.ts";

/** Each recipe compiles, and installs for the next: tool, lib, app. */
const rowsOf = (version: string) =>
  ["tool", "lib", "app"].flatMap((recipe, i, all) => [
    sketchTask(`${recipe}:do_compile`, {
      deps: i === 0 ? [] : [`${all[i - 1]}:do_sysroot`],
      basehash: basehashOf(`${recipe} ${i === 0 ? version : ""}`),
    }),
    sketchTask(`${recipe}:do_sysroot`, { deps: [`${recipe}:do_compile`], setscene: true }),
  ]);
const history = sketchHistory(rowsOf("0"), { upsert: rowsOf("1").slice(0, 1) });

const predictWith = (sure: boolean) =>
  predictBuild(history, {
    policies: ["equivhash", "basichash"].map((name) => getPolicy(name)),
    createChain: () =>
      new OutcomeChain(
        [
          createLabelSource(
            { otherwise: "neutral", labels: [{ commit: "c1", outcome: "neutral", reason: "r", sure }] },
            "labels",
          ),
        ],
        pessimistic,
      ),
    service: createTableService(),
    namespace: "predict",
    builder: "persistent",
    workers: 1,
    seed: 0,
    secondsOf: () => 60,
  });

const SETTING = {
  ...({ builder: "persistent", outcomes: "labels", unique: "none", outhash_extra: null, release: null } as const),
  ...{ workers: 1, seed: 0 },
};

describe("what a change will cost", () => {
  it("is what the second of two states takes where the first was built, and where the change stops", async () => {
    const [equivhash, basichash] = await predictWith(true);
    const cost = (executed: number, restored: number) => {
      const seconds = 60 * (executed + restored);
      return { executed, restored, seconds, wall: seconds };
    };
    expect(equivhash).toEqual({
      ...{ policy: "equivhash", expected: cost(2, 2), least: cost(2, 2), most: cost(2, 2) },
      stops: ["tool:do_sysroot"],
    });
    expect(basichash).toEqual({
      policy: "basichash",
      expected: cost(6, 0),
      least: cost(6, 0),
      most: cost(6, 0),
      stops: [],
    });
  });

  it("has a range where nothing sure decides", async () => {
    const [equivhash] = await predictWith(false);
    expect([equivhash?.least.executed, equivhash?.expected.executed, equivhash?.most.executed]).toEqual([2, 2, 6]);
  });

  it("is a sentence, and above a limit or not by the first policy", async () => {
    const report: PredictionReport = {
      ...{ base: "a", head: "b", added: 0, removed: 0, grounds: [], inputs: [], setting: SETTING },
      recipes: [{ recipe: "tool", changes: 1, classes: ["comment or white space"] }],
      policies: await predictWith(false),
    };
    expect(sentenceOf(report)).toBe(
      "tool changes (comment or white space): with equivhash about 4.0 min (2 tasks), 4.0 min to 6.0 min, with basichash about 6.0 min (6 tasks).",
    );
    expect([0.01, 0.1].map((failAbove) => isAbove({ ...report, failAbove }))).toEqual([true, false]);
    expect(isAbove(report)).toBe(false);
  });

  it("says who builds, by which rules, and what was read from which bytes", () => {
    const inputs = [
      { flag: "--durations", name: "times.csv", sha256: "0123456789abcdef" },
      { flag: "--outcomes", name: "host:8686", sha256: null },
    ];
    const topology = parseTopology("format: depid-topology/1\nbuilders: [{ name: ci, kind: fresh }]\n", "t.yaml");
    expect(settingSentences({ setting: SETTING, inputs })).toEqual([
      "asked for: built in the directory of the build before; 1 workers, seed 0, outcomes labels; outputs that name their own hash: none.",
      "read for --durations: times.csv (sha256 0123456789ab).",
      "read for --outcomes: host:8686, which is no file: what it held is not known later.",
    ]);
    const asked = {
      ...SETTING,
      ...{ topology: { source: "t.yaml", topology }, outhash_extra: "oe-core", release: { runAll: "yes" } },
    };
    expect(settingSentences({ setting: asked, inputs: [] })[0]).toMatch(
      /^asked for: built by ci in fresh build directories, each step, .*; outhashes with oe-core beside outputs; release yes\.$/,
    );
  });
});

describe("stops in the order of a list for people", () => {
  const stop = (recipe: string, task: string, generation: number) => ({
    name: `${recipe}:${task}`,
    recipe,
    generation,
  });

  it("are by recipe, numbers by size and case aside; in a recipe as they are built; each once", () => {
    const stops = [
      stop("gcc-10", "do_populate_sysroot", 1),
      stop("libXau", "do_packagedata", 4),
      stop("libx11", "do_package", 3),
      stop("gcc-9", "do_package_qa", 9),
      stop("gcc-9", "do_populate_sysroot", 7),
      stop("libXau", "do_package", 3),
    ];
    const expected = [
      "gcc-9:do_populate_sysroot",
      "gcc-9:do_package_qa",
      "gcc-10:do_populate_sysroot",
      "libx11:do_package",
      "libXau:do_package",
      "libXau:do_packagedata",
    ];
    expect(inReadingOrder([...stops, ...stops]).map(({ name }) => name)).toEqual(expected);
    fc.assert(
      fc.property(fc.shuffledSubarray(stops, { minLength: stops.length }), (any) => {
        expect(inReadingOrder(any).map(({ name }) => name)).toEqual(expected);
      }),
    );
  });
});
