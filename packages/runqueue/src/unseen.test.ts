import type { DepId, Tid } from "@depid/hash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBuilder, wipeBuilder } from "./builder.ts";
import { formatBuilder } from "./builder-format.ts";
import type { BuildEvent } from "./event.ts";
import type { SimulatedBuild } from "./simulate.ts";
import { UNSEEN } from "./task-hashes.ts";
import type { DrawnTask } from "./testing/index.ts";
import { createSite, drawnTasks, type Setting, type SiteOptions, type State, setting, states } from "./testing/site.ts";

/** Tasks that hash little, so that those with the same metadata come to the same hashes. */
const kinTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.nat({ max: 9 }).map((n) => n > 0),
    noexec: fc.constant(false),
    deps: fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 1 }),
  }),
  { minLength: 3, maxLength: 16 },
);

/** What may be special about a site, and about its builds. */
const special = fc.record({
  /** How many tasks in a row have the same metadata; 1: no two have. */
  kin: fc.integer({ min: 1, max: 4 }),
  /** Whether outputs of different tasks count as one. */
  merges: fc.boolean(),
  noexec: fc.boolean(),
  hard: fc.boolean(),
  fails: fc.nat({ max: 12 }),
  keepGoing: fc.boolean(),
  /** Whether the build directory is removed before each build, and the memory of answers with it. */
  fresh: fc.constantFrom("kept", "wiped", "new"),
});
type Special = typeof special extends fc.Arbitrary<infer T> ? T : never;

function optionsOf({ kin, merges, fails, keepGoing }: Special): SiteOptions {
  const place = (tid: Tid): number => Number(/\d+$/.exec(tid)?.[0]);
  return {
    metadataOf: (tid) => (kin === 1 ? tid : `${Math.floor(place(tid) / kin)}`),
    ...(merges ? { outputOf: (_task, content) => `${Number.parseInt(`${content}`.slice(0, 1), 16) % 2}` } : {}),
    rules: { keepGoing, fails: ({ tid }, variant) => fails > 0 && place(tid) === fails && variant === "real" },
  };
}

/** What is in the log whether or not hashes are computed before they are needed. */
function withoutPassing(events: readonly BuildEvent[]): unknown[] {
  return events.flatMap((event): unknown[] => {
    if (event.type === "rehashed" || event.type === "migrated") return [];
    if (event.type === "setscene-notcovered" && ["no-object", "hard-dependency-failed"].includes(event.why)) return [];
    if (event.type === "checked") return [{ at: event.at, found: event.found, current: event.current }];
    return [event];
  });
}

/** Depids that tasks got in a rehash, and when. */
function rehashesOf(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === "rehashed" && event.after.depid !== UNSEEN ? [`${event.at} ${event.tid} ${event.after.depid}`] : [],
  );
}

function askedIn(events: readonly BuildEvent[]): string[] {
  return events.flatMap((event) =>
    event.type === "checked"
      ? event.asked.flatMap(({ tid, depid }) => (depid === UNSEEN ? [] : [`${event.at} ${tid} ${depid}`]))
      : [],
  );
}

function tidsOf(events: readonly BuildEvent[], type: "migrated" | "setscene-notcovered"): Set<Tid> {
  return new Set(events.flatMap((event) => (event.type === type ? [event.tid] : [])));
}

/** A task comes back to its first hash, after another one had it, and was answered: what the memory holds of the first look is not of its last hash. */
const backToAnOlderHash: [(DrawnTask & { noexec: false; deps: number[] })[], State[], Setting, Special] = [
  [
    [0, 1],
    [0, 1],
    [0, 1],
    [0, 0],
    [0, 0],
    [12, 1],
    [7, 1],
    [0, 0],
    [29, 0],
  ].map(([below = 0, setscene]) => ({
    recipe: 0,
    setscene: setscene === 1,
    noexec: false as const,
    deps: [below],
  })),
  [
    { neutral: {}, effect: { "0": 0 } },
    { neutral: {}, effect: {} },
    { neutral: {}, effect: {} },
  ],
  { workers: 2, seed: 1 },
  { kin: 4, merges: true, noexec: true, hard: false, fails: 0, keepGoing: false, fresh: "kept" },
];

describe("a hash that nobody ever had", () => {
  it("makes no difference by being computed only where it is needed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(drawnTasks, kinTasks), states, setting, special, async (drawn, history, how, odd) => {
        const tasks = drawn.map((task, i) => ({
          ...task,
          noexec: odd.noexec && i % 5 === 2,
          hard: odd.hard && i % 2 === 0,
        }));
        const judge = createSite(tasks, 2, optionsOf(odd));
        const site = createSite(tasks, 2, { ...optionsOf(odd), earlierDepIds: new Set<DepId>() });
        for (const [i, state] of history.entries()) {
          const [expected, found] = await Promise.all([judge, site].map((each) => buildAt(each, state, i % 2)));
          const [stepwise, lazy] = [expected, found] as [SimulatedBuild, SimulatedBuild];
          expect(withoutPassing(lazy.events)).toEqual(withoutPassing(stepwise.events));
          expect(tidsOf(lazy.events, "migrated")).toEqual(tidsOf(stepwise.events, "migrated"));
          expect(tidsOf(lazy.events, "setscene-notcovered")).toEqual(tidsOf(stepwise.events, "setscene-notcovered"));
          expect(new Set(rehashesOf(stepwise.events))).toEqual(
            new Set([...rehashesOf(stepwise.events), ...rehashesOf(lazy.events)]),
          );
          expect(new Set(askedIn(stepwise.events))).toEqual(
            new Set([...askedIn(stepwise.events), ...askedIn(lazy.events)]),
          );
          expect({ ...lazy.summary, migrated: [] }).toEqual({ ...stepwise.summary, migrated: [] });
          const hashesOf = ({ state: { hashes } }: SimulatedBuild) => [hashes.taskhash, hashes.depid, hashes.generated];
          expect(hashesOf(lazy)).toEqual(hashesOf(stepwise));
          expect(formatBuilder(lazy.builder)).toBe(formatBuilder(stepwise.builder));
          expect([...lazy.builder.depids]).toEqual([...stepwise.builder.depids]);
          expect(site.server.depids).toEqual(judge.server.depids);
          expect(await site.store.list()).toEqual(await judge.store.list());
          expect(site.asked.length).toBeLessThanOrEqual(judge.asked.length);
        }

        async function buildAt(
          each: ReturnType<typeof createSite>,
          state: State,
          builder: number,
        ): Promise<SimulatedBuild> {
          const place = each.places[builder] as (typeof each.places)[number];
          if (odd.fresh !== "kept") {
            place.builder = odd.fresh === "new" ? createBuilder() : wipeBuilder(place.builder);
            place.held.clear();
          }
          each.change(state);
          return each.build(builder, how);
        }
      }),
      { numRuns: Number(process.env.UNSEEN_RUNS ?? 300), examples: [backToAnOlderHash] },
    );
  });
});
