import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { PolicyOptionsError } from "../errors.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "../outcomes/outcome-model.ts";
import { replayHistory } from "../replay.ts";
import { createTableService, describePolicy, sketchHistory } from "../testing/index.ts";
import { YamlText } from "../yaml-text.ts";
import { policyNames } from "./names.ts";
import { parsePolicyOptions, parsePolicyOptionsPart } from "./parse-policy-options.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { getPolicy } from "./registry.ts";

for (const name of policyNames) describePolicy(name, () => getPolicy(name));
describePolicy("locked, with a list", () => getPolicy("locked", { locked: { recipes: ["tool-*"] } }));
describePolicy("cdepends, with a consumer", () =>
  getPolicy("cdepends", { cdepends: { consumers: [{ consumer: "lib", parents: ["tool-*"] }] } }),
);
describePolicy("per-consumer, with a consumer", () =>
  getPolicy("per-consumer", { "per-consumer": { consumers: [{ consumer: "*", parents: ["lib"], level: "version" }] } }),
);
describePolicy("abisafe, with a list", () => getPolicy("abisafe", { abisafe: { recipes: ["lib"], pairs: [] } }));

const TASKS: Record<string, TaskSketch> = {
  "tool:do_compile": {},
  "tool:do_sysroot": { deps: ["tool:do_compile"], setscene: true },
  "lib:do_compile": { deps: ["tool:do_sysroot"] },
  "lib:do_sysroot": { deps: ["lib:do_compile"], setscene: true },
  "app:do_compile": { deps: ["lib:do_sysroot"] },
  "app:do_package": { deps: ["app:do_compile"], setscene: true },
};
const changed = (name: string, text: string, more: TaskSketch = {}) => ({
  upsert: [sketchTask(name, { ...TASKS[name], ...more, basehash: basehashOf(text) })],
});

/** Counts of each step under a policy. */
async function stepsOf(
  name: string,
  options: PolicyOptions,
  outcomes: OutcomeBound,
  ...changes: Parameters<typeof sketchHistory>[1][]
) {
  const first = Object.entries(TASKS).map(([task, sketch]) => sketchTask(task, sketch));
  const { policies } = await replayHistory(sketchHistory(first, ...changes), {
    policies: [getPolicy(name, options)],
    outcomes: new OutcomeChain([], outcomes),
    service: createTableService(),
    namespace: "n",
    builder: "persistent",
    workers: 1,
    seed: 0,
  });
  return policies[0]?.steps.slice(1).map(({ executed, stale }) => [executed, stale]);
}
const TOOL = changed("tool:do_compile", "1");

describe("own-inputs", () => {
  it("runs the tasks of the recipe that changed, and what others made of it before is stale", async () => {
    expect(await stepsOf("own-inputs", {}, pessimistic, TOOL)).toEqual([[2, 2]]);
    expect(await stepsOf("own-inputs", {}, neutral, TOOL)).toEqual([[2, 0]]);
  });
});

describe("abisafe", () => {
  it("does not rerun what depends on a recipe that is listed, or on one in a pair with it", async () => {
    expect(await stepsOf("abisafe", { abisafe: { recipes: ["tool"] } }, neutral, TOOL)).toEqual([[2, 0]]);
    expect(await stepsOf("abisafe", { abisafe: { pairs: ["*->tool"] } }, neutral, TOOL)).toEqual([[2, 0]]);
    expect(await stepsOf("abisafe", { abisafe: { pairs: ["lib->tool"] } }, neutral, TOOL)).toEqual([[2, 0]]);
    expect(await stepsOf("abisafe", { abisafe: { pairs: ["app->tool"] } }, neutral, TOOL)).toEqual([[6, 0]]);
  });

  it("reruns an image, and a native recipe, whatever is listed", async () => {
    const image = { upsert: [sketchTask("lib:do_rootfs"), ...TOOL.upsert] };
    expect(await stepsOf("abisafe", { abisafe: { recipes: ["tool"] } }, neutral, image)).toEqual([[7, 0]]);
  });

  it("has OE-Core's lists if none are given", async () => {
    expect(await stepsOf("abisafe", {}, neutral, TOOL)).toEqual([[6, 0]]);
  });

  it("reuses what is wrong where a listed recipe is not stable", async () => {
    expect(await stepsOf("abisafe", { abisafe: { recipes: ["tool"] } }, pessimistic, TOOL)).toEqual([[2, 2]]);
  });
});

describe("locked", () => {
  it("keeps tasks of a recipe at what they were first, and what depends on them", async () => {
    expect(await stepsOf("locked", { locked: { recipes: ["tool"] } }, pessimistic, TOOL)).toEqual([[0, 3]]);
    expect(
      await stepsOf("locked", { locked: { recipes: ["tool"] } }, pessimistic, changed("lib:do_compile", "1")),
    ).toEqual([[4, 0]]);
  });

  it("takes hashes that are listed", async () => {
    const { signatures = {} } =
      parsePolicyOptions(
        `format: depid-policy-options/1\npolicies: { locked: { signatures: { "tool:do_sysroot": ${"a".repeat(64)} } } }`,
        "f",
      ).locked ?? {};
    expect(await stepsOf("locked", { locked: { signatures } }, pessimistic, TOOL)).toEqual([[0, 3]]);
  });

  it("locks nothing if nothing is listed", async () => {
    expect(await stepsOf("locked", {}, pessimistic, TOOL)).toEqual([[6, 0]]);
  });
});

describe("equivalence-list", () => {
  it("maps what compares equal for the next build, which runs what the last one need not have", async () => {
    const again = changed("app:do_compile", "1");
    expect(await stepsOf("equivalence-list", {}, neutral, TOOL, again)).toEqual([
      [6, 0],
      [2, 0],
    ]);
    expect(await stepsOf("equivhash-2018", {}, neutral, TOOL, again)).toEqual([
      [6, 0],
      [2, 0],
    ]);
  });

  it("compares as it is told to", async () => {
    const then = changed("app:do_compile", "1");
    const versions = { "equivalence-list": { compare: "version" as const } };
    const steps = await stepsOf("equivalence-list", versions, pessimistic, TOOL, {}, then);
    expect(steps?.[0]).toEqual([6, 0]);
    expect(steps?.[1]?.[1]).toBeGreaterThan(0);
    expect((await stepsOf("equivalence-list", {}, pessimistic, TOOL, {}, then))?.map(([, stale]) => stale)).toEqual([
      0, 0, 0,
    ]);
  });
});

describe("equivhash-settled", () => {
  it("runs what nobody has reported, and nothing above it that its answer spares", async () => {
    expect(await stepsOf("equivhash-settled", {}, neutral, TOOL)).toEqual([[2, 0]]);
    expect(await stepsOf("equivhash-settled", {}, pessimistic, TOOL)).toEqual([[6, 0]]);
  });

  it("spares what equivhash begins before the answer comes, and waits for it", async () => {
    const [running, settled] = await Promise.all(["equivhash", "equivhash-settled"].map(replayTwoRoads));
    expect([running?.steps[1]?.executed, settled?.steps[1]?.executed]).toEqual([3, 2]);
    expect([running?.steps[1]?.timing, settled?.steps[1]?.timing]).toEqual([1, 0]);
    const wall = (it: typeof settled) => it?.time?.steps[1]?.wall;
    // The tool takes ten seconds; only then is the package restored.
    expect([wall(running), wall(settled)]).toEqual([12, 11]);
  });
});

describe("cdepends", () => {
  const of = (level?: "output" | "version" | "nothing") => ({
    cdepends: { consumers: [{ consumer: "lib", parents: ["tool"], ...(level && { level }) }] },
  });

  it("builds the parent, holds its report against the one that the consumer was built with, and keeps the consumer if they agree", async () => {
    expect(await stepsOf("cdepends", of(), neutral, TOOL)).toEqual([[2, 0]]);
    expect(await stepsOf("cdepends", of(), pessimistic, TOOL)).toEqual([[6, 0]]);
  });

  it("looks only as closely as the consumer has said, and reuses what is wrong if that is not close enough", async () => {
    expect(await stepsOf("cdepends", of("version"), pessimistic, TOOL)).toEqual([[2, 2]]);
    const upgrade = changed("tool:do_sysroot", "1", { version: ":2.0-r0" });
    expect(await stepsOf("cdepends", of("version"), pessimistic, upgrade)).toEqual([[5, 0]]);
    expect(await stepsOf("cdepends", of("nothing"), pessimistic, upgrade)).toEqual([[1, 2]]);
  });

  it("is basichash where nobody declares anything", async () => {
    expect(await stepsOf("cdepends", {}, neutral, TOOL)).toEqual([[6, 0]]);
  });
});

describe("per-consumer", () => {
  const of = (consumer: string, level: "output" | "version") => ({
    "per-consumer": { consumers: [{ consumer, parents: ["tool", "lib"], level }] },
  });

  it("spares one consumer what another one needs", async () => {
    expect(await stepsOf("per-consumer", of("app", "version"), pessimistic, TOOL)).toEqual([[4, 1]]);
    expect(await stepsOf("per-consumer", of("lib", "version"), pessimistic, TOOL)).toEqual([[2, 2]]);
    expect(await stepsOf("per-consumer", of("app", "output"), pessimistic, TOOL)).toEqual([[6, 0]]);
  });

  it("is equivhash-settled where nobody says anything", async () => {
    expect(await stepsOf("per-consumer", {}, neutral, TOOL)).toEqual([[2, 0]]);
  });
});

/** A library that is fetched while the tool is built again, with nothing changed in its output. */
async function replayTwoRoads(name: string) {
  const rows: Record<string, TaskSketch> = {
    ...TASKS,
    "lib:do_fetch": {},
    "lib:do_compile": { deps: ["tool:do_sysroot", "lib:do_fetch"] },
  };
  const first = Object.entries(rows).map(([task, sketch]) => sketchTask(task, sketch));
  const { policies } = await replayHistory(sketchHistory(first, TOOL), {
    policies: [getPolicy(name)],
    outcomes: new OutcomeChain([], neutral),
    service: createTableService(),
    namespace: "n",
    builder: "fresh",
    workers: 2,
    seed: 0,
    secondsOf: (_task, variant) => (variant === "setscene" ? 1 : 5),
  });
  return policies[0];
}

describe("policy options", () => {
  const HEAD = "format: depid-policy-options/1\n";

  it("are the part `policies` of a file, or of another document", () => {
    const text = "policies:\n  abisafe:\n    recipes: [netbase]\n";
    const expected = { abisafe: { recipes: ["netbase"] } };
    expect(parsePolicyOptions(HEAD + text, "f")).toEqual(expected);
    expect(parsePolicyOptionsPart(new YamlText(`name: x\n${text}`, "f", PolicyOptionsError), ["policies"])).toEqual(
      expected,
    );
  });

  it.each([
    ["policies: [", /^f.yaml:2: column \d+: /],
    ["policies: { magic: {} }", /^f.yaml:2: column 13: policies\.magic: expected no such key/],
    [
      "policies:\n  abisafe:\n    pairs: [a, b]",
      /^f.yaml:4: column 13: policies\.abisafe\.pairs\[0\]: expected RECIPE->/,
    ],
    [
      'policies: { locked: { signatures: { "a:do_x": 12 } } }',
      /^f.yaml:2: column 47: policies\.locked\.signatures\["a:do_x"\]: /,
    ],
    ["policies: { equivalence-list: { compare: all } }", /^f.yaml:2: column \d+: .*compare: .*"output"/],
    ["more: 1", /^f.yaml:1: column 1: policies: /],
  ])("tell of what is wrong with its place: %s", (text, message) => {
    const read = () => parsePolicyOptions(HEAD + text, "f.yaml");
    expect(read).toThrow(PolicyOptionsError);
    expect(read).toThrow(message);
  });

  it("tell of it with the path of the part they are read from", () => {
    const yaml = new YamlText("name: x\npolicies:\n  locked: { recipes: 1 }\n", "s.yaml", PolicyOptionsError);
    expect(() => parsePolicyOptionsPart(yaml, ["policies"])).toThrow(
      /^s.yaml:3: column 22: policies\.locked\.recipes: /,
    );
  });
});
