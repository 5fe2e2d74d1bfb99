import { byCodePoint } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BuildEvent, formatEvent } from "./event.ts";
import type { SimulatedBuild } from "./simulate.ts";
import { createSite, drawnTasks, type State, setting, states } from "./testing/site.ts";

function saysSo({ events }: SimulatedBuild): boolean {
  return events.some(({ type }) => type === "unsound");
}

describe("with rehash in mid-build", () => {
  it("nothing stale is left where the log does not say that something unsound was done", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const site = createSite(drawn, 2);
        for (const [i, state] of history.entries()) {
          site.change(state);
          const built = await site.build(i % 2, how);
          if (saysSo(built) || built.state.migration.isImpossible) return;
          expect(built.summary.state).toBe("COMPLETE");
          expect(site.wrong(i % 2)).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("something stale is left with an output hash that leaves the output out, though the log may say so", async () => {
    const wrong = fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
      const site = createSite(drawn, 1, { outputOf: ({ pn, task }) => `${pn}:${task}` });
      for (const state of history) {
        site.change(state);
        await site.build(0, how);
        if (site.wrong(0).length > 0) return false;
      }
      return true;
    });
    expect((await fc.check(wrong, { seed: 1, numRuns: 500 })).failed).toBe(true);
  });

  it("a second build finds nothing to do", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const site = createSite(drawn, 1);
        for (const state of history) {
          site.change(state);
          const built = await site.build(0, how);
          if (saysSo(built) || built.state.migration.isImpossible) return;
          const again = await site.build(0, how);
          expect([again.summary.executed, again.summary.restored]).toEqual([[], []]);
        }
      }),
      { numRuns: 200 },
    );
  });

  it("the same inputs give the same log, however often", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const once = async () => {
          const site = createSite(drawn, 1);
          const log: BuildEvent[] = [];
          for (const state of history) {
            site.change(state);
            log.push(...(await site.build(0, how)).events);
          }
          return log.map(formatEvent);
        };
        expect(await once()).toEqual(await once());
      }),
      { numRuns: 50 },
    );
  });

  it("what is executed after a change lies above or below what changed, whatever tasks take", async () => {
    await fc.assert(
      fc.asyncProperty(drawnTasks, states, setting, async (drawn, history, how) => {
        const site = createSite(drawn, 1);
        const [first, second] = history as [State, State];
        site.change(first);
        await site.build(0, how);
        const before = new Map(site.graph.tasks.map((task) => [task.tid, task.basehash]));
        site.change(second);
        const changed = site.graph.tasks.filter((task) => before.get(task.tid) !== task.basehash).map(({ tid }) => tid);
        const built = await site.build(0, how);
        // Stamps of all others are there: only the cone of the change can be executed.
        const cone = new Set(site.graph.hashConeOf(changed));
        const outside = built.summary.executed.filter((tid) => !cone.has(tid));
        expect(outside.sort(byCodePoint)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
