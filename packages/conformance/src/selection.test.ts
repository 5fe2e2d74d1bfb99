import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseTid, type Tid } from "@depid/hash";
import { selectTasks } from "@depid/runqueue";
import { TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";

const RECORDINGS = join(import.meta.dirname, "../../../fixtures/runqueue");

interface Recorded {
  readonly graphs: Record<string, Record<string, { readonly depends: readonly string[] }>>;
  readonly steps: readonly { readonly args: readonly string[]; readonly result: { readonly graph: string } }[];
}

const tidOf = (name: string): Tid => parseTid(`/${name.replace(":", ".bb:")}`);

/** The graph of the recording's widest step: all tasks of the layer that any other step could select. */
function wholeGraph({ graphs }: Recorded): TaskGraph {
  const widest = Object.values(graphs).sort((a, b) => Object.keys(b).length - Object.keys(a).length)[0] ?? {};
  return new TaskGraph(
    Object.entries(widest).map(([name, { depends }]) => ({
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
  ])("%s: bitbake %s", (file, args, selection) => {
    const recorded: Recorded = JSON.parse(readFileSync(join(RECORDINGS, `${file}.json`), "utf8"));
    const step = recorded.steps.find((it) => it.args.join(" ") === args);
    const expected = Object.keys(recorded.graphs[step?.result.graph ?? ""] ?? {}).map(tidOf);
    const selected = selectTasks(wholeGraph(recorded), { ...selection, targets: selection.targets.map(tidOf) });
    expect([...selected].sort()).toEqual(expected.sort());
    expect(expected.length).toBeGreaterThan(0);
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
