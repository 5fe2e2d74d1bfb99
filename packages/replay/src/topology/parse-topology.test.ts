import { describe, expect, it } from "vitest";
import { TopologyError } from "../errors.ts";
import { YamlText } from "../yaml-text.ts";
import { parseTopology, parseTopologyPart } from "./parse-topology.ts";
import { buildsIn } from "./topology.ts";

const HEAD = "format: depid-topology/1\n";

describe("a topology", () => {
  it("has one server and one cache, which all builders share, where none are named", () => {
    const { builders, servers, caches } = parseTopology(
      `${HEAD}builders:\n  - { name: ci, kind: fresh }\n  - { name: desk, kind: persistent, every: 3, offset: 1 }\n`,
      "t.yaml",
    );
    expect([servers, caches]).toEqual([[{ name: "shared" }], [{ name: "shared" }]]);
    expect(builders).toEqual([
      { name: "ci", kind: "fresh", cadence: { every: 1, offset: 0 }, server: "shared", sstate: "shared" },
      { name: "desk", kind: "persistent", cadence: { every: 3, offset: 1 }, server: "shared", sstate: "shared" },
    ]);
  });

  it("has its builders build every so many steps from an offset on, or in steps that are named", () => {
    const [often, some] = parseTopology(
      `${HEAD}builders:\n  - { name: a, kind: fresh, every: 3, offset: 1 }\n  - { name: b, kind: fresh, steps: [4, 0, 4] }\n`,
      "t.yaml",
    ).builders;
    const stepsOf = (builder: typeof often) => [0, 1, 2, 3, 4, 5].filter((it) => builder && buildsIn(builder, it));
    expect([stepsOf(often), stepsOf(some)]).toEqual([
      [1, 4],
      [0, 4],
    ]);
  });

  it("may be a part of another file, and what is wrong is told with its place there", () => {
    const text = "name: x\nworld:\n  builders:\n    - { name: ci, kind: fresh, server: no }\n";
    const yaml = new YamlText(text, "s.yaml", TopologyError);
    expect(() => parseTopologyPart(yaml, ["world"])).toThrow(
      "s.yaml:4: column 40: world.builders[0].server: expected one of servers, which are shared, found no",
    );
  });

  it.each<[string, string, RegExp]>([
    ["no YAML", "builders: [", /^t\.yaml:1: column 12: /],
    ["another format", "format: depid-topology/2\nbuilders: []\n", /^t\.yaml:1: column 9: format: .*depid-topology\/1/],
    ["no builders", HEAD, /^t\.yaml:1: column 1: builders: .*expected array/],
    ["an empty list of builders", `${HEAD}builders: []\n`, /^t\.yaml:2: column 11: builders: expected at least one$/],
    [
      "a kind that there is not",
      `${HEAD}builders:\n  - name: a\n    kind: kept\n`,
      /^t\.yaml:4: column 11: builders\[0\]\.kind: .*"fresh"\|"persistent"/,
    ],
    [
      "a key that there is not",
      `${HEAD}builders:\n  - name: a\n    kind: fresh\n    evry: 2\n`,
      /^t\.yaml:5: column 5: builders\[0\]\.evry: expected no such key$/,
    ],
    [
      "two of a name",
      `${HEAD}builders:\n  - { name: a, kind: fresh }\n  - { name: a, kind: fresh }\n`,
      /^t\.yaml:4: column 13: builders\[1\]\.name: expected another name than that of builders\[0\]$/,
    ],
    [
      "steps beside every",
      `${HEAD}builders:\n  - { name: a, kind: fresh, steps: [1], every: 2 }\n`,
      /^t\.yaml:3: column 41: builders\[0\]\.every: expected either steps, or every and offset$/,
    ],
    [
      "a rule of pruning that there is not",
      `${HEAD}caches: [{ name: a, prune: { rule: fifo, steps: 1 } }]\nbuilders: [{ name: a, kind: fresh }]\n`,
      /^t\.yaml:2: column 36: caches\[0\]\.prune\.rule: expected one of age, unused, size, lru$/,
    ],
    [
      "a size without a unit",
      `${HEAD}caches: [{ name: a, prune: { rule: lru, bytes: "20" } }]\nbuilders: [{ name: a, kind: fresh }]\n`,
      /^t\.yaml:2: column 48: caches\[0\]\.prune\.bytes: expected a size such as 20 GB or 512 MiB$/,
    ],
    [
      "a target that names no task",
      `${HEAD}builders:\n  - { name: a, kind: fresh, targets: ["zlib:compile"] }\n`,
      /^t\.yaml:3: column 39: builders\[0\]\.targets\[0\]: expected RECIPE:do_TASK or RECIPE/,
    ],
    [
      "a cache that there is not",
      `${HEAD}caches: [{ name: farm }]\nbuilders:\n  - { name: a, kind: fresh, sstate: desk }\n`,
      /^t\.yaml:4: column 37: builders\[0\]\.sstate: expected one of caches, which are farm, found desk$/,
    ],
  ])("with %s is refused, with line, column and what was expected", (_what, text, message) => {
    expect(() => parseTopology(text, "t.yaml")).toThrow(message);
  });
});
