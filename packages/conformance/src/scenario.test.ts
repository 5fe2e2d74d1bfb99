import { readFileSync } from "node:fs";
import { byCodePoint, parseTid } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { formatRecordedTid, isScenario, parseRecordedTid, parseScenario, ScenarioError } from "./scenario.ts";

const FILE = new URL("../../../fixtures/runqueue/h01-first-and-again.json", import.meta.url);

type Json = Record<string, unknown>;
function readRecording(): Json {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

describe("recorded tids", () => {
  it.each([
    ["a:do_x", "/a.bb:do_x"],
    ["mc:mc-1:a-native:do_x", "mc:mc-1:/a-native.bb:do_x"],
  ])("%s is %s, and back", (recorded, tid) => {
    expect(parseRecordedTid(recorded)).toBe(tid);
    expect(formatRecordedTid(parseTid(tid))).toBe(recorded);
  });
  it("sort as recipe files do, configurations last", () => {
    const names = ["mc:a:a:do_x", "a1:do_x", "a:do_x"];
    const sorted = names.map(parseRecordedTid).sort(byCodePoint).map(formatRecordedTid);
    expect(sorted).toEqual(["a:do_x", "a1:do_x", "mc:a:a:do_x"]);
  });
});

describe("parseScenario", () => {
  it("puts hashes in place of references, in longer texts too", () => {
    const [step] = parseScenario(readRecording()).steps;
    expect(step?.result.stamps).toContainEqual(expect.stringMatching(/^a\.do_compile\.[0-9a-f]{64}$/));
    expect(step?.result.hashes?.get(parseRecordedTid("a:do_compile"))?.[0]).toMatch(/^[0-9a-f]{64}$/);
  });
  it("a recording is told by what is in it", () => {
    expect(isScenario(readRecording())).toBe(true);
    expect(isScenario({ tree: [] })).toBe(false);
    expect(isScenario(null)).toBe(false);
  });
  it.each<[string, (json: Json) => void, string]>([
    ["nothing at all", (json) => delete json.steps, 'expected an object with "hash_table" and "steps"'],
    ["another format", (json) => Object.assign(json, { format: 2 }), "format: Invalid input: expected 1"],
    [
      "a step that is none",
      (json) => Object.assign(json, { steps: [7] }),
      "steps[0]: Invalid input: expected object, received number",
    ],
    [
      "a hash nobody recorded",
      (json) => Object.assign(json, { name: "#9999" }),
      "name: expected a hash of hash_table, found #9999",
    ],
    [
      "a bad hash",
      (json) => Object.assign(json, { hash_table: { "#1": "x" } }),
      'hash_table["#1"]: expected 64 lowercase hexadecimal digits',
    ],
    [
      "a graph nobody recorded",
      (json) => Object.assign(json, { graphs: {} }),
      'steps[0].result.graph: expected a label of graphs, found "g1"',
    ],
    [
      "a bad tid",
      (json) => Object.assign(json, { scenequeues: { s1: { nonsense: { users: [], covers: [], hard_depends: [] } } } }),
      "scenequeues.s1: tid: expected ",
    ],
  ])("%s is one clear error", (_what, spoil, message) => {
    const json = readRecording();
    spoil(json);
    let thrown: unknown;
    try {
      parseScenario(json);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ScenarioError);
    expect((thrown as Error).message).toContain(`run queue scenario: ${message}`);
  });
});
