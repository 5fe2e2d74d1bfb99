import { describe, expect, it } from "vitest";
import { TopologyError } from "../errors.ts";
import { YamlText } from "../yaml-text.ts";
import { parseTopology, parseTopologyPart } from "./parse-topology.ts";
import { buildsIn } from "./topology.ts";

const HEAD = "format: depid-topology/1\n";
const ONE = `${HEAD}builders: [{ name: a, kind: fresh }]\n`;

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

  it("may have servers with an upstream, beside a read-only one on the same database, lost, out of reach and collected", () => {
    const { builders, servers } = parseTopology(
      `${HEAD}
builders:
  - { name: ci, kind: fresh, unreachable: [4] }
  - { name: desk, kind: fresh, server: public, read_only: true, diverges: ["zlib:do_compile", "m4"] }
servers:
  - { name: main, upstream: hub, lost: [{ at: 5, restored_from: 2 }, { at: 3 }], gc: { rule: objects } }
  - { name: public, read_only_of: main, unreachable: [0, 1] }
  - { name: hub, gc: { rule: age, steps: 2, every: 3 } }
caches: [{ name: farm }, { name: copy, mirror_of: farm }]
`,
      "t.yaml",
    );
    expect(servers).toEqual([
      {
        name: "main",
        upstream: "hub",
        lost: [{ at: 3 }, { at: 5, restoredFrom: 2 }],
        gc: { rule: "objects", caches: ["farm"], every: 1 },
      },
      { name: "public", readOnlyOf: "main", unreachable: [0, 1] },
      { name: "hub", gc: { rule: "age", steps: 2, every: 3 } },
    ]);
    expect(builders).toMatchObject([
      { server: "main", sstate: "farm", unreachable: [4] },
      { server: "public", sstate: "farm", readOnly: true, diverges: ["zlib:do_compile", "m4"] },
    ]);
  });

  it("may have mirrors, a step behind if nothing else is said, which builders name beside a cache of their own", () => {
    const { builders, caches } = parseTopology(
      `${HEAD}builders: [{ name: a, kind: fresh, sstate: own, mirrors: [near, far] }]
caches: [{ name: near, mirror_of: farm }, { name: farm }, { name: own }, { name: far, mirror_of: farm, behind: 3 }]
`,
      "t.yaml",
    );
    expect(builders[0]).toMatchObject({ sstate: "own", mirrors: ["near", "far"] });
    expect(caches).toEqual([
      { name: "near", mirrorOf: { cache: "farm", behind: 1 } },
      { name: "farm" },
      { name: "own" },
      { name: "far", mirrorOf: { cache: "farm", behind: 3 } },
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
    [
      "a server that reads the database of none",
      `${ONE}servers: [{ name: a }, { name: b, read_only_of: c }]\n`,
      /^t\.yaml:3: column 49: servers\[1\]\.read_only_of: expected one of servers that write, which are a, found c$/,
    ],
    [
      "a read-only server with an upstream",
      `${ONE}servers: [{ name: a }, { name: b, read_only_of: a, upstream: a }]\n`,
      /^t\.yaml:3: column 52: servers\[1\]\.upstream: expected none, as that is said of a, whose database it is$/,
    ],
    [
      "an upstream that there is not",
      `${ONE}servers: [{ name: a, upstream: hub }]\n`,
      /^t\.yaml:3: column 32: servers\[0\]\.upstream: expected one of other servers that write, which are none, found hub$/,
    ],
    [
      "upstreams in a circle",
      `${ONE}servers: [{ name: a, upstream: b }, { name: b, upstream: a }]\n`,
      /^t\.yaml:3: column 32: servers\[0\]\.upstream: expected upstreams that come to an end, found a -> b -> a$/,
    ],
    [
      "data restored from a copy that is made later",
      `${ONE}servers: [{ name: a, lost: [{ at: 3, restored_from: 3 }] }]\n`,
      /^t\.yaml:3: column 53: servers\[0\]\.lost\[0\]\.restored_from: expected a step before 3, at which it is lost$/,
    ],
    [
      "data lost before there are any",
      `${ONE}servers: [{ name: a, lost: [{ at: 0 }] }]\n`,
      /^t\.yaml:3: column 35: servers\[0\]\.lost\[0\]\.at: .*>=1/,
    ],
    [
      "garbage collected by a rule that there is not",
      `${ONE}servers: [{ name: a, gc: { rule: size } }]\n`,
      /^t\.yaml:3: column 34: servers\[0\]\.gc\.rule: expected one of objects, age$/,
    ],
    [
      "garbage collected by the objects of no cache",
      `${ONE}servers: [{ name: a, gc: { rule: objects, caches: [farm] } }]\n`,
      /^t\.yaml:3: column 52: servers\[0\]\.gc\.caches\[0\]: expected one of caches that are no mirrors, which are shared, found farm$/,
    ],
    [
      "a mirror of a mirror",
      `${ONE}caches: [{ name: a }, { name: b, mirror_of: a }, { name: c, mirror_of: b }]\n`,
      /^t\.yaml:3: column 72: caches\[2\]\.mirror_of: expected one of caches that are no mirrors, which are a, found b$/,
    ],
    [
      "a mirror that is pruned",
      `${ONE}caches: [{ name: a }, { name: b, mirror_of: a, prune: { rule: age, steps: 1 } }]\n`,
      /^t\.yaml:3: column 48: caches\[1\]\.prune: expected none, as a mirror loses what a loses$/,
    ],
    [
      "a cache that is behind nothing",
      `${ONE}caches: [{ name: a, behind: 2 }]\n`,
      /^t\.yaml:3: column 21: caches\[0\]\.behind: expected mirror_of beside it, found none$/,
    ],
    [
      "a builder that writes in a mirror",
      `${HEAD}caches: [{ name: a }, { name: b, mirror_of: a }]\nbuilders:\n  - { name: a, kind: fresh, sstate: b }\n`,
      /^t\.yaml:4: column 37: builders\[0\]\.sstate: expected a cache that can be written, found the mirror b: name it in mirrors$/,
    ],
    [
      "a builder whose own cache is its mirror",
      `${HEAD}caches: [{ name: a }]\nbuilders:\n  - { name: a, kind: fresh, mirrors: [a] }\n`,
      /^t\.yaml:4: column 39: builders\[0\]\.mirrors\[0\]: expected another cache than its own, found a$/,
    ],
  ])("with %s is refused, with line, column and what was expected", (_what, text, message) => {
    expect(() => parseTopology(text, "t.yaml")).toThrow(message);
  });
});
