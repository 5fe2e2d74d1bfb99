import { parseTid, type Tid } from "@depid/hash";
import { TaskGraph } from "@depid/task-graph";
import { sketchTask } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { addTaint, createBuilder, findTaints, listStamps } from "./builder.ts";
import { compileBuild } from "./plan.ts";
import { simulateBuild } from "./simulate.ts";
import { hashesOf } from "./testing/index.ts";

const of = (config: string): Tid => parseTid(`${config}/a.bb:do_x`);
const DEFAULT = of("");
const OTHER = of("mc:other:");
/** The same task in two configurations, hashed alike. */
const graph = new TaskGraph(
  [DEFAULT, OTHER].map((tid) => ({ ...sketchTask("a:do_x"), tid, hashdeps: [], execdeps: [] })),
);
const world = { hashesOf: () => hashesOf(DEFAULT), stampHash: "depid" } as const;
const sharedDirectories = new Map([["other", ""]]);

describe("two configurations with one TMPDIR", () => {
  it("share stamps: what one has made is current for the other", async () => {
    const shared = compileBuild(graph, { targets: graph.tids, sharedDirectories });
    const { summary, builder } = await simulateBuild(shared, createBuilder(), { ...world, workers: 2 });
    expect([summary.executed, summary.existing]).toEqual([[DEFAULT], [OTHER]]);
    expect(listStamps(builder).map(({ config }) => config)).toEqual([""]);
  });
  it("otherwise each has its own", async () => {
    const apart = compileBuild(graph, { targets: graph.tids });
    const { summary } = await simulateBuild(apart, createBuilder(), world);
    expect(summary.executed).toEqual([DEFAULT, OTHER]);
  });
  it("share taints, too", () => {
    const [task, other] = [graph.get(DEFAULT), graph.get(OTHER)];
    const tainted = addTaint(createBuilder(), other, "u", sharedDirectories);
    expect([...findTaints(tainted, [task, other], sharedDirectories).keys()]).toEqual([DEFAULT, OTHER]);
    expect([...findTaints(tainted, [task, other]).keys()]).toEqual([DEFAULT]);
  });
});
