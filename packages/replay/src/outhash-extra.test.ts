import type { DepId, Tid } from "@depid/hash";
import { compileBuild } from "@depid/runqueue";
import { TaskGraph } from "@depid/task-graph";
import { sketchGraph, sketchTask, tidOf } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { OutHashExtra } from "./outhash-extra.ts";

const SYSROOT = "do_populate_sysroot";

/** Lines of the outhash of a task; depids are the names of tasks. */
function linesOf(graph: TaskGraph, tid: Tid): string[] {
  const plan = compileBuild(graph, { targets: [] });
  const text = new OutHashExtra(plan).of(plan.indices.get(tid) as number, (task) => `of ${plan.tids[task]}` as DepId);
  return text === "" ? [] : text.split("\n").map((line) => line.split(": ")[0] as string);
}

/**
 * ```
 * libc-initial, tool-native, gcc-cross-arm, lib <- mid (do_compile) <- app
 * ```
 */
const graph = sketchGraph({
  [`tool-native:${SYSROOT}`]: {},
  [`libc-initial:${SYSROOT}`]: {},
  [`gcc-cross-arm:${SYSROOT}`]: { deps: [`libc-initial:${SYSROOT}`, `tool-native:${SYSROOT}`] },
  [`lib:${SYSROOT}`]: { deps: [`gcc-cross-arm:${SYSROOT}`] },
  "mid:do_compile": { deps: [`lib:${SYSROOT}`] },
  [`mid:${SYSROOT}`]: { deps: ["mid:do_compile"] },
  "app:do_package": { deps: [`mid:${SYSROOT}`] },
  [`app:${SYSROOT}`]: { deps: [`mid:${SYSROOT}`] },
  "app:do_package_qa": { deps: ["app:do_package", `app:${SYSROOT}`] },
  [`app-native:${SYSROOT}`]: { deps: [`tool-native:${SYSROOT}`, `lib:${SYSROOT}`] },
  "app-native:do_package": { deps: [`tool-native:${SYSROOT}`] },
  [`app-cross-canadian-arm:${SYSROOT}`]: { deps: [`lib:${SYSROOT}`] },
});

describe("beside its output, an outhash holds the depids of sysroots below (OE-Core since 2022)", () => {
  it.each<[string, string[]]>([
    [`app-native:${SYSROOT}`, ["gcc-cross-arm", "lib", "libc-initial", "tool-native"]],
    [`gcc-cross-arm:${SYSROOT}`, ["libc-initial", "tool-native"]],
    [`app:${SYSROOT}`, ["lib", "mid"]],
    ["app:do_package", ["lib", "mid"]],
    [`mid:${SYSROOT}`, ["lib"]],
    [`app-cross-canadian-arm:${SYSROOT}`, ["lib"]],
    ["app-native:do_package", []],
    ["app:do_package_qa", []],
    ["mid:do_compile", []],
    [`tool-native:${SYSROOT}`, []],
  ])("%s: of %j", (name, expected) => {
    expect(linesOf(graph, tidOf(name))).toEqual(expected);
  });

  it("each as a line of recipe name and depid, sorted by name", () => {
    const plan = compileBuild(graph, { targets: [] });
    const extra = new OutHashExtra(plan).of(plan.indices.get(tidOf(`app:${SYSROOT}`)) as number, () => "d" as DepId);
    expect(extra).toBe("lib: d\nmid: d");
  });

  it("but none that is reached through another configuration only", () => {
    const other = (name: string, deps: readonly Tid[] = []) => {
      const tid = `mc:other:${tidOf(name)}` as Tid;
      return { ...sketchTask(name), tid, hashdeps: deps, execdeps: deps };
    };
    const image = other(`firmware:${SYSROOT}`, [tidOf(`lib:${SYSROOT}`)]);
    const tasks = [
      sketchTask(`lib:${SYSROOT}`),
      image,
      { ...sketchTask(`app:${SYSROOT}`), hashdeps: [image.tid], execdeps: [image.tid] },
    ];
    expect(linesOf(new TaskGraph(tasks), tidOf(`app:${SYSROOT}`))).toEqual([]);
    expect(linesOf(new TaskGraph(tasks), image.tid)).toEqual([]);
  });

  it("with many sysroots below, each is found", () => {
    const many = Array.from({ length: 70 }, (_, i) => `lib${String(i).padStart(2, "0")}`);
    const sketches = Object.fromEntries(
      many.map((pn, i) => [`${pn}:${SYSROOT}`, { deps: i === 0 ? [] : [`${many[i - 1]}:${SYSROOT}`] }]),
    );
    const chained = sketchGraph({ ...sketches, [`top:${SYSROOT}`]: { deps: [`${many.at(-1)}:${SYSROOT}`] } });
    expect(linesOf(chained, tidOf(`top:${SYSROOT}`))).toEqual(many);
  });
});
