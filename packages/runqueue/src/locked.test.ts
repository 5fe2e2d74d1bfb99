import { sketchGraph, tidOf } from "@depid/task-graph/testing";
import { expect, it } from "vitest";
import { compileBuild, createBuilder, simulateBuild } from "./index.ts";
import { hashesOf } from "./testing/index.ts";

it("a task with a locked signature reports nothing, others do (signatures.md section 7)", async () => {
  const graph = sketchGraph({ "a:do_x": { setscene: true }, "b:do_x": { setscene: true, deps: ["a:do_x"] } });
  const plan = compileBuild(graph, { targets: graph.tids });
  const reporter = {
    report: (reports: readonly { readonly depid: string }[]) => reports.map(({ depid }) => depid as never),
  };
  const build = await simulateBuild(plan, createBuilder(), {
    hashesOf,
    stampHash: "depid",
    reporter,
    locked: new Set([tidOf("a:do_x")]),
  });
  const reported = build.events.filter((event) => event.type === "reported").map((event) => event.tid);
  expect(build.summary.executed).toEqual(graph.tids);
  expect(reported).toEqual([tidOf("b:do_x")]);
});
