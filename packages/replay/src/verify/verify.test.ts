import type { Tid } from "@depid/hash";
import type { BuildEvent } from "@depid/runqueue";
import { describe, expect, it } from "vitest";
import { envelopeOf, precisionOf, recallOf, verifyStep } from "./verify.ts";

const tids = (text: string) => text.split(" ").filter((it) => it !== "") as Tid[];
const runs = (executed: string, restored = "") => ({ executed: tids(executed), restored: tids(restored) });
const real = (source: string, executed: string, restored = "") => ({
  source,
  executed: new Set(tids(executed)),
  restored: new Set(tids(restored)),
});
const predict = (executed: string, samples: readonly string[] = [], events: readonly BuildEvent[] = []) => ({
  ...runs(executed),
  samples: samples.map((it) => runs(it)),
  events,
});

describe("a recording against a prediction", () => {
  it("is counted as both, only predicted, only real, for executed and restored apart", () => {
    const [build] = verifyStep({ ...predict("a b c"), restored: tids("x y") }, [real("1", "b c d", "x")]);
    expect(build?.agreement).toEqual({
      executed: { both: 2, onlyPredicted: 1, onlyReal: 1 },
      restored: { both: 1, onlyPredicted: 1, onlyReal: 0 },
    });
    expect(build?.discrepancies.map(({ tid, kind, how }) => `${tid} ${kind} ${how}`)).toEqual([
      "a executed only predicted",
      "d executed only real",
      "y restored only predicted",
    ]);
  });

  it.each<[string, string, string[], string[], boolean]>([
    ["one recording and no variation", "a", [], [""], true],
    ["another recording has it", "a", [], ["", "a"], false],
    ["a variation goes without it, as the recordings do", "a", [""], [""], false],
    ["all variations have it, and no recording", "a", ["a", "a"], ["", ""], true],
    ["a variation has it, as the recordings do", "", ["a", ""], ["a"], false],
    ["no variation has it, and all recordings", "", ["", ""], ["a", "a"], true],
    ["no variation has it, and one recording of two", "", ["", ""], ["a", ""], false],
  ])("a difference is outside both spreads or not: %s", (_what, predicted, samples, recordings, outside) => {
    const builds = verifyStep(
      predict(predicted, samples),
      recordings.map((it, i) => real(String(i), it)),
    );
    const found = builds.flatMap((build) => build.discrepancies);
    expect(found.length).toBeGreaterThan(0);
    for (const discrepancy of found) expect(discrepancy.outside).toBe(outside);
  });

  it("shows what the simulation saw of a task in which they differ, with short hashes", () => {
    const hash = "0123456789abcdef".repeat(4);
    const events = [
      { type: "setscene-notcovered", at: 0, tid: "a", why: "no-object" },
      { type: "started", at: 5, tid: "a", variant: "real", taskhash: hash, depid: hash, noexec: false, dry: false },
      { type: "migrated", at: 7, tid: "b" },
    ] as unknown as BuildEvent[];
    const [build] = verifyStep(predict("a", [], events), [real("1", "")]);
    expect(build?.discrepancies[0]?.saw).toEqual(["0ms  notcov   a (no-object)", "5ms  run      a"]);
  });
});

it("an envelope has the tasks that run in every variation, and those that run in some", () => {
  expect(envelopeOf(predict("a b", ["a c", "a b"]), "executed")).toEqual({ always: ["a"], sometimes: ["b", "c"] });
});

it("precision and recall are not known where nothing was predicted, or nothing ran", () => {
  expect(precisionOf({ both: 3, onlyPredicted: 1, onlyReal: 0 })).toBe(0.75);
  expect(recallOf({ both: 3, onlyPredicted: 1, onlyReal: 0 })).toBe(1);
  expect(precisionOf({ both: 0, onlyPredicted: 0, onlyReal: 2 })).toBeUndefined();
  expect(recallOf({ both: 0, onlyPredicted: 2, onlyReal: 0 })).toBeUndefined();
});
