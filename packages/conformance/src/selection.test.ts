import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseTid, type Tid } from "@depid/hash";
import { rulesOfRelease, selectBuild, selectTasks } from "@depid/runqueue";
import { TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";

const RECORDINGS = join(import.meta.dirname, "../../../fixtures/runqueue");

interface Recorded {
  readonly graphs: Record<string, Record<string, { readonly depends: readonly string[] }>>;
  readonly steps: readonly {
    readonly args: readonly string[];
    readonly result: { readonly graph: string; readonly targets: readonly string[] };
  }[];
}

const tidOf = (name: string): Tid => parseTid(`/${name.replace(":", ".bb:")}`);

/** What no step of x03 but the one that has it as its target leads to. */
const ABOVE_B = { "b:do_build": { depends: ["b:do_package_write_ipk", "b:do_populate_sysroot"] } };

/** The graph of the recording's widest step and b:do_build: all tasks of the layer that any other step could select. */
function wholeGraph({ graphs }: Recorded): TaskGraph {
  const widest = Object.values(graphs).sort((a, b) => Object.keys(b).length - Object.keys(a).length)[0] ?? {};
  return new TaskGraph(
    Object.entries({ ...ABOVE_B, ...widest }).map(([name, { depends }]) => ({
      ...sketchTask(name),
      tid: tidOf(name),
      hashdeps: [],
      execdeps: depends.map(tidOf),
    })),
  );
}

describe("the tasks that a command line selects are those that BitBake selected", () => {
  it.each([
    ["h29-partial-targets", "b -c populate_sysroot", { targets: ["b:do_populate_sysroot"] }],
    ["h29-partial-targets", "a:do_package_write_ipk c:do_patch", { targets: ["a:do_package_write_ipk", "c:do_patch"] }],
    ["h29-partial-targets", "b:do_populate_sysroot c:do_patch", { targets: ["b:do_populate_sysroot", "c:do_patch"] }],
    ["h40-run-all", "c --runonly fetch", { targets: ["c:do_build"], runOnly: ["do_fetch"] }],
    ["h40-run-all", "c --runall populate_sysroot", { targets: ["c:do_build"], runAll: ["do_populate_sysroot"] }],
    [
      "x01-runall-fixpoint",
      "c -c fetch --runall package_write_ipk",
      { targets: ["c:do_fetch"], runAll: ["do_package_write_ipk"] },
    ],
    ["x01-runall-fixpoint", "b -c package --runall install", { targets: ["b:do_package"], runAll: ["do_install"] }],
    [
      "x01-runall-fixpoint",
      "c --runall fetch --runonly fetch",
      { targets: ["c:do_build"], runAll: ["do_fetch"], runOnly: ["do_fetch"] },
    ],
    ["x03-runall-force", "b --runall compile -f", { targets: ["b:do_build"], runAll: ["do_compile"] }],
    ["x03-runall-force", "c --runonly package -f", { targets: ["c:do_build"], runOnly: ["do_package"] }],
  ])("%s: bitbake %s", (file, args, selection) => {
    const recorded: Recorded = JSON.parse(readFileSync(join(RECORDINGS, `${file}.json`), "utf8"));
    const step = recorded.steps.find((it) => it.args.join(" ") === args);
    const expected = Object.keys(recorded.graphs[step?.result.graph ?? ""] ?? {}).map(tidOf);
    const asked = { ...selection, targets: selection.targets.map(tidOf) };
    const { active, targets } = selectBuild(wholeGraph(recorded), asked);
    expect([...active].sort()).toEqual(expected.sort());
    expect([...targets].sort()).toEqual([...new Set(step?.result.targets.map(tidOf))].sort());
    expect(expected.length).toBeGreaterThan(0);
  });

  it("before 2.8, --runall looks at the recipes of the targets only, and adds no targets", () => {
    const recorded: Recorded = JSON.parse(readFileSync(join(RECORDINGS, "x01-runall-fixpoint.json"), "utf8"));
    const selection = { targets: [tidOf("c:do_fetch")], runAll: ["do_package_write_ipk"] };
    const old = selectBuild(wholeGraph(recorded), selection, rulesOfRelease("2.6"));
    const now = selectBuild(wholeGraph(recorded), selection);
    expect([...old.targets]).toEqual(selection.targets);
    expect([...now.targets].length).toBeGreaterThan(1);
    expect([...now.active]).toEqual(expect.arrayContaining([...old.active]));
  });

  it.each([
    ["b", { runAll: ["do_compile"] }, ["a:do_compile", "b:do_build", "b:do_compile"]],
    ["c", { runOnly: ["do_package"] }, ["a:do_package", "b:do_package", "c:do_build", "c:do_package"]],
  ])("-f taints what --runall and --runonly select, and the targets: x03, %s %j", (target, selection, forced) => {
    const recorded: Recorded = JSON.parse(readFileSync(join(RECORDINGS, "x03-runall-force.json"), "utf8"));
    const build = selectBuild(wholeGraph(recorded), { ...selection, targets: [tidOf(`${target}:do_build`)] });
    expect([...build.forced].sort()).toEqual(forced.map(tidOf));
  });

  it("-c X- selects what X depends on, without X", () => {
    const recorded: Recorded = JSON.parse(readFileSync(join(RECORDINGS, "h40-run-all.json"), "utf8"));
    const graph = wholeGraph(recorded);
    const target = tidOf("a:do_compile");
    const whole = selectTasks(graph, { targets: [target] });
    const below = selectTasks(graph, { targets: [target], onlyBelow: true });
    expect([...below].sort()).toEqual([...whole].filter((tid) => tid !== target).sort());
  });
});
