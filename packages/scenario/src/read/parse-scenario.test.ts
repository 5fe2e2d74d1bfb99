import { describe, expect, it } from "vitest";
import { parseScenario } from "./parse-scenario.ts";

const HEAD = `format: depid-scenario/1
title: t
explanation: e
recipes:
  lib:
    tasks:
      do_compile: { takes: 2 min, files: { a.patch: 1 } }
      do_populate_sysroot: { needs: do_compile, setscene: true, takes: 1.5 h, restoring: 3 }
  app:
    version: "2.0"
    tasks:
      do_compile: { needs: lib:do_populate_sysroot, after: [lib:do_compile] }
      do_rest:
`;
const STEPS = "steps:\n  - title: first\n";
const parse = (text: string) => parseScenario(text, "s", "s.yaml");
const CHANGE = `${HEAD}${STEPS}  - title: second\n    changes:\n`;

describe("a scenario", () => {
  it("becomes rows as a recording of BitBake has them: what is needed is hashed, and runs first, as does what is only before", () => {
    const { history } = parse(HEAD + STEPS);
    const rows = history.steps[0]?.change.upsert ?? [];
    expect(rows.map(({ tid, hashdeps, execdeps, setscene }) => [tid, hashdeps, execdeps, setscene])).toEqual([
      ["lib_1.0.bb:do_compile", [], [], false],
      ["lib_1.0.bb:do_populate_sysroot", ["lib_1.0.bb:do_compile"], ["lib_1.0.bb:do_compile"], true],
      [
        "app_2.0.bb:do_compile",
        ["lib_1.0.bb:do_populate_sysroot"],
        ["lib_1.0.bb:do_compile", "lib_1.0.bb:do_populate_sysroot"],
        false,
      ],
      ["app_2.0.bb:do_rest", [], [], false],
    ]);
  });

  it("says how long tasks take, in the unit that is written", () => {
    expect(parse(HEAD + STEPS).durations).toEqual([
      { recipe: "lib", task: "do_compile", elapsed: 120 },
      { recipe: "lib", task: "do_populate_sysroot", elapsed: 5400 },
      { recipe: "lib", task: "do_populate_sysroot_setscene", elapsed: 3 },
    ]);
  });

  it("builds in each step what its targets need, and tells of a change how many other taskhashes come of it", () => {
    const targets = "    targets: lib:do_populate_sysroot\n";
    const change = "    changes: [{ task: lib:do_compile, files: { a.patch: 2 }, does: neutral }]\n";
    const { history, labels } = parse(`${HEAD}${STEPS}  - title: second\n${targets}${change}  - title: third\n`);
    expect(history.steps.map(({ expect: { tasks, changed } }) => [tasks, changed])).toEqual([
      [4, undefined],
      [2, 2],
      [4, 0],
    ]);
    expect(history.steps[1]?.change.remove).toEqual(["app_2.0.bb:do_compile", "app_2.0.bb:do_rest"]);
    expect(labels.labels.map(({ commit, recipe, task, outcome }) => [commit, recipe, task, outcome])).toEqual([
      ["step-001", "lib", "do_compile", "neutral"],
    ]);
  });

  it("has the commands of each step, which are the function of the task: other commands are another hash", () => {
    const { commands, history } = parse(
      `${HEAD.replace("files: { a.patch: 1 }", "files: { a.patch: 1 }, run: make a")}${CHANGE.slice(HEAD.length)}      - { task: lib:do_compile, run: make b }\n`,
    );
    const tid = "lib_1.0.bb:do_compile" as (typeof history.steps)[number]["change"]["remove"][number];
    expect(commands.map((it) => it.get(tid)?.run)).toEqual(["make a", "make b"]);
    expect(commands[0]?.get(tid)).toMatchObject({ name: "lib:do_compile", inputs: [], files: { "a.patch": "1" } });
    const bodies = history.steps.map(({ change }) => change.upsert.find((it) => it.tid === tid)?.variables?.[0]?.value);
    expect(bodies).toEqual(["make a", "make b"]);
  });

  it("gives a recipe another version from a step on: in the names of its objects and stamps, not in that of its file", () => {
    const { history } = parse(`${HEAD}${STEPS}  - title: second\n    versions: { lib: "1.1" }\n  - title: third\n`);
    expect(history.steps[1]?.change.upsert.map(({ tid, version, stamp }) => [tid, version, stamp])).toEqual([
      ["lib_1.0.bb:do_compile", ":1.1-r0", "core2-64-oe-linux/lib/1.1"],
      ["lib_1.0.bb:do_populate_sysroot", ":1.1-r0", "core2-64-oe-linux/lib/1.1"],
    ]);
    expect(history.steps[2]?.change.upsert).toEqual([]);
  });

  it.each([
    ["no YAML", "a: [", /^s\.yaml:1: column 5: /],
    ["another format", "format: depid-scenario/2\n", /^s\.yaml:1: column 9: format: .*depid-scenario\/1/],
    [
      "a key that there is not",
      `${HEAD}${STEPS}    changing: []\n`,
      /^s\.yaml:16: column 5: steps\[0\]\.changing: expected no such key$/,
    ],
    [
      "a time without a unit that is known",
      (HEAD + STEPS).replace("2 min", "2 days"),
      /^s\.yaml:7: column 28: recipes\.lib\.tasks\.do_compile\.takes: .*expected a time, such as 90 s, 2\.5 min or 31 h$/,
    ],
    [
      "a task that there is not",
      (HEAD + STEPS).replace("needs: do_compile", "needs: do_compil"),
      /^s\.yaml:8: column 37: recipes\.lib\.tasks\.do_populate_sysroot\.needs: expected a task of recipes, found lib:do_compil$/,
    ],
    [
      "tasks that need each other",
      (HEAD + STEPS).replace("files: { a.patch: 1 }", "needs: app:do_compile"),
      /^s\.yaml:5: column 3: recipes: tasks depend on each other: /,
    ],
    [
      "what passes on and is not needed",
      (HEAD + STEPS).replace("needs: lib:do_populate_sysroot,", "passes_on: lib:do_populate_sysroot,"),
      /passes_on: expected some of needs, found lib:do_populate_sysroot$/,
    ],
    [
      "a change in the first step",
      `${HEAD}${STEPS}    changes: [{ task: lib:do_compile, files: {} }]\n`,
      /^s\.yaml:16: column 14: steps\[0\]\.changes: expected none in the first step, /,
    ],
    [
      "a version in the first step",
      `${HEAD}${STEPS}    versions: { lib: "1.1" }\n`,
      /^s\.yaml:16: column 15: steps\[0\]\.versions: expected none in the first step: recipes say them$/,
    ],
    [
      "a version of a recipe that there is not",
      `${HEAD}${STEPS}  - title: second\n    versions: { lob: "1.1" }\n`,
      /^s\.yaml:17: column 22: steps\[1\]\.versions\.lob: expected one of recipes, found lob$/,
    ],
    [
      "a change of nothing",
      `${CHANGE}      - { task: lib:do_compile, does: neutral }\n`,
      /^s\.yaml:18: column 9: steps\[1\]\.changes\[0\]: expected what is changed: run, variables, files, needs or hashes$/,
    ],
    [
      "commands, and another function beside them",
      (HEAD + STEPS).replace("files: { a.patch: 1 }", 'run: make, variables: { do_compile: "" }'),
      /^s\.yaml:7: column \d+: recipes\.lib\.tasks\.do_compile\.run: expected either this or variables\.do_compile$/,
    ],
    [
      "other commands of a task that has none",
      `${CHANGE}      - { task: lib:do_compile, run: make }\n`,
      /^s\.yaml:18: column 38: steps\[1\]\.changes\[0\]\.run: expected a task with run, found lib:do_compile$/,
    ],
    [
      "a change to what was there before",
      `${CHANGE}      - { task: lib:do_compile, files: { a.patch: 1 } }\n`,
      /^s\.yaml:16: column 5: steps\[1\]: lib:do_compile: expected a change, found what was there before$/,
    ],
    [
      "a change of what the targets do not need",
      `${CHANGE}      - { task: app:do_compile, files: { x: 1 } }\n    targets: lib:do_compile\n`,
      /: steps\[1\]: app:do_compile: expected a task that the targets of the step need$/,
    ],
    [
      "an unseen change that is neutral",
      `${CHANGE}      - { task: lib:do_compile, files: { x: 1 }, does: neutral, outhash: same }\n`,
      /: steps\[1\]\.changes\[0\]\.outhash: expected this with does: propagating, found neutral$/,
    ],
    [
      "an expectation of a task that there is not",
      `${HEAD}${STEPS}    expect: { basichash: { runs: lib:do_install } }\n`,
      /: steps\[0\]\.expect\.basichash\.runs: expected a task of recipes, found lib:do_install$/,
    ],
    [
      "an expectation of a policy that is not replayed",
      `${HEAD}${STEPS}    expect: { basic: { runs: [] } }\n`,
      /^s\.yaml:16: column 22: steps\[0\]\.expect\.basic: expected one of basichash, equivhash, clairvoyant, found basic$/,
    ],
    [
      "an expectation of a policy where builders of a topology build",
      `topology: { builders: [{ name: ci, kind: fresh }] }\npolicies: [basic]\n${HEAD}${STEPS}    expect: { basic: { runs: [] } }\n`,
      /: steps\[0\]\.expect\.basic: expected one of basic by ci, found basic$/,
    ],
  ])("with %s is refused, with line, column and what was expected", (_what, text, message) => {
    expect(() => parse(text)).toThrow(message);
  });
});
