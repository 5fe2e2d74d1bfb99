import type { CaptureChange, Task } from "@depid/task-graph";
import { basehashOf, sketchTask } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EquivalenceService } from "../equivalence-service.ts";
import { ReplayError } from "../errors.ts";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { OUTCOME_WORDS, type OutcomeWord, pessimistic } from "../outcomes/outcome-model.ts";
import { policyNames } from "../policies/names.ts";
import type { Policy } from "../policies/policy.ts";
import type { PolicyOptions } from "../policies/policy-options.ts";
import { getPolicy } from "../policies/registry.ts";
import { replayHistory } from "../replay.ts";
import { fatesOf } from "../report/task-fates.ts";
import { createTableService, sketchHistory } from "../testing/index.ts";
import type { GcRule, Loss, PruneRule, Topology, TopologyBuilder, TopologyServer } from "../topology/topology.ts";

const drawnTasks = fc.array(
  fc.record({
    recipe: fc.nat({ max: 3 }),
    setscene: fc.nat({ max: 9 }).map((n) => n < 6),
    noexec: fc.nat({ max: 9 }).map((n) => n === 0),
    nostamp: fc.nat({ max: 12 }).map((n) => n === 0),
    hard: fc.nat({ max: 3 }).map((n) => n === 0),
    /** Whether it is there from the first step on. */
    there: fc.nat({ max: 6 }).map((n) => n > 0),
    name: fc.constantFrom("do_x", "do_package", "do_populate_sysroot", "do_packagedata"),
    deps: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 3 }),
  }),
  { minLength: 2, maxLength: 12 },
);
type Drawn = typeof drawnTasks extends fc.Arbitrary<infer T> ? T : never;

const histories = fc.array(
  fc.array(
    fc.record({
      place: fc.nat({ max: 11 }),
      version: fc.nat({ max: 2 }),
      outcome: fc.constantFrom(...OUTCOME_WORDS),
      /** Whether it is another shape of the graph: the task comes, or has another dependency. */
      reshapes: fc.nat({ max: 5 }).map((n) => n === 0),
    }),
    { maxLength: 4 },
  ),
  { minLength: 1, maxLength: 6 },
);

/** What goes out of a cache; each object has a byte. */
const rules: fc.Arbitrary<PruneRule> = fc.oneof(
  fc.record({ rule: fc.constantFrom("age" as const, "unused" as const), steps: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ rule: fc.constantFrom("size" as const, "lru" as const), bytes: fc.integer({ min: 1, max: 9 }) }),
);

const steps = fc.option(fc.uniqueArray(fc.nat({ max: 6 }), { minLength: 1, maxLength: 3 }), { nil: undefined });
const gcRules: fc.Arbitrary<GcRule> = fc.oneof(
  fc.record({
    rule: fc.constant("objects" as const),
    caches: fc.constantFrom(["c0"], ["c0", "c1"]),
    every: fc.constantFrom(1, 2),
  }),
  fc.record({ rule: fc.constant("age" as const), steps: fc.constantFrom(1, 2), every: fc.constantFrom(1, 2) }),
);
const losses: fc.Arbitrary<readonly Loss[]> = fc
  .uniqueArray(fc.record({ at: fc.integer({ min: 1, max: 5 }), back: fc.option(fc.integer({ min: 1, max: 5 })) }), {
    minLength: 1,
    maxLength: 2,
    selector: ({ at }) => at,
  })
  .map((drawn) =>
    drawn
      .map(({ at, back }) => ({ at, ...(back === null || back > at ? {} : { restoredFrom: at - back }) }))
      .sort((a, b) => a.at - b.at),
  );
/** What a server is beside its name, and whether the first has the other for its upstream. */
const serverKind = fc.record({ unreachable: steps, gc: gcRules, lost: losses }, { requiredKeys: [] }) as fc.Arbitrary<
  Omit<TopologyServer, "name">
>;
const site = fc.record({
  s0: serverKind,
  s1: serverKind,
  hasUpstream: fc.boolean(),
  behind: fc.integer({ min: 1, max: 2 }),
});
/** A part of a topology in which nothing is left unsaid by a word for it. */
const partOf = <T>(value: object): T =>
  Object.fromEntries(Object.entries(value).filter(([, it]) => it !== undefined && it !== false)) as T;

/** Who builds: up to three builders, with servers and caches of their own or shared, of all kinds. */
const topologies = fc
  .tuple(
    fc.array(
      fc.record({
        kind: fc.constantFrom("fresh" as const, "persistent" as const),
        every: fc.integer({ min: 1, max: 3 }),
        offset: fc.nat({ max: 1 }),
        server: fc.constantFrom("s0", "s1", "s2"),
        sstate: fc.constantFrom("c0", "c1"),
        mirrors: fc.option(fc.constant(["m"]), { nil: undefined }),
        readOnly: fc.nat({ max: 4 }).map((n) => n === 0),
        unreachable: steps,
        diverges: fc.option(fc.constantFrom(["p0"], ["p1", "p2:do_package"]), { nil: undefined }),
        targets: fc.option(fc.constantFrom(["p0", "p1"], ["*"]), { nil: undefined }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
    fc.option(rules, { nil: undefined }),
    fc.option(site, { nil: undefined, freq: 4 }),
  )
  .map(
    ([builders, prune, kinds]): Topology => ({
      builders: builders.map(({ every, offset, ...it }, i) =>
        partOf<TopologyBuilder>({ ...it, name: `b${i}`, cadence: { every, offset } }),
      ),
      servers: [
        partOf<TopologyServer>({
          ...kinds?.s0,
          name: "s0",
          ...(kinds?.hasUpstream === true ? { upstream: "s1" } : {}),
        }),
        partOf<TopologyServer>({ ...kinds?.s1, name: "s1" }),
        { name: "s2", readOnlyOf: "s1" },
      ],
      caches: [
        { name: "c0" },
        { name: "c1", ...(prune === undefined ? {} : { prune }) },
        { name: "m", mirrorOf: { cache: "c1", behind: kinds?.behind ?? 1 } },
      ],
    }),
  );

const options = fc.record({
  builder: fc.constantFrom("fresh" as const, "persistent" as const),
  workers: fc.integer({ min: 1, max: 3 }),
  seconds: fc.option(fc.nat({ max: 9 }), { nil: undefined }),
  extra: fc.constantFrom("none" as const, "oe-core" as const),
  /** Not all at once: each history is replayed twice with each. */
  policies: fc.subarray([...policyNames], { minLength: 4, maxLength: 6 }),
  topology: fc.option(topologies, { nil: undefined, freq: 3 }),
});

/** Lists for those that do nothing without. */
const POLICY_OPTIONS: PolicyOptions = {
  abisafe: { recipes: ["p1"], pairs: ["p2->p0"] },
  locked: { recipes: ["p0"] },
  cdepends: {
    consumers: [
      { consumer: "p2", parents: ["p0", "p1"] },
      { consumer: "p3", parents: ["p*"], level: "version" },
    ],
  },
  "per-consumer": { consumers: [{ consumer: "p[23]", parents: ["p0", "p1"], level: "interface" }] },
};

/** The first step, and the changes after it, with what each comes to. */
function historyOf(drawn: Drawn, changes: typeof histories extends fc.Arbitrary<infer T> ? T : never) {
  const idOf = (i: number): string => `p${drawn[i]?.recipe}:do_t${i}`;
  const rowOf = (i: number, version: number, reshaped: boolean, there: ReadonlySet<number>): Task => {
    const it = drawn[i] as Drawn[number];
    const below = i === 0 ? [] : [...new Set([...it.deps, ...(reshaped ? [i - 1] : [])].map((place) => place % i))];
    const deps = below.filter((place) => there.has(place));
    const task = sketchTask(idOf(i), {
      setscene: it.setscene,
      noexec: it.noexec,
      nostamp: it.nostamp,
      deps: deps.map(idOf),
      basehash: basehashOf(`${i} ${version}`),
      stamp: `p${it.recipe}/${version}-r0`,
    });
    // No two tasks of a recipe have the same name.
    const isNamed =
      it.name !== "do_x" && drawn.findIndex(({ recipe, name }) => recipe === it.recipe && name === it.name) === i;
    const harddeps = it.hard && it.setscene ? deps.filter((place) => drawn[place]?.setscene) : [];
    return {
      ...task,
      task: isNamed ? it.name : task.task,
      harddeps: harddeps.map((place) => sketchTask(idOf(place)).tid),
    };
  };
  const there = new Set(drawn.flatMap((it, i) => (it.there ? [i] : [])));
  const first = [...there].map((i) => rowOf(i, 0, false, there));
  const outcomes: Map<string, OutcomeWord>[] = [new Map()];
  const upserts: Partial<CaptureChange>[] = changes.map((step) => {
    const rows = new Map<number, Task>();
    const outcome = new Map<string, OutcomeWord>();
    for (const { place, version, outcome: word, reshapes } of step) {
      const i = place % drawn.length;
      if (!there.has(i) && !reshapes) continue;
      there.add(i);
      const row = rowOf(i, version, reshapes, there);
      rows.set(i, row);
      outcome.set(row.tid, word);
    }
    outcomes.push(outcome);
    return { upsert: [...rows.values()] };
  });
  return { history: sketchHistory(first, ...upserts), outcomes };
}

describe("a replay whose builds go directly where they can", () => {
  it("measures, tells the server, and gives reasons, as one that asks for all in each build, and simulates it step by step", async () => {
    await fc.assert(
      fc.asyncProperty(
        drawnTasks,
        histories,
        options,
        async (drawn, changes, { builder, topology, workers, seconds, extra, policies }) => {
          const { history, outcomes } = historyOf(drawn, changes);
          const [stepwise, direct] = await Promise.all(
            [true, false].map(async (isStepwise) => {
              const told: unknown[] = [];
              const rows: unknown[] = [];
              let simulated = 0;
              const result = await replayHistory(history, {
                policies: policies
                  .map((name) => getPolicy(name, POLICY_OPTIONS))
                  .map((policy) => (isStepwise ? askingForAll(policy) : policy)),
                outcomes: new OutcomeChain(
                  [{ name: "drawn", outcomeOf: ({ step, after }) => outcomes[step.step]?.get(after.tid) }],
                  pessimistic,
                ),
                service: listening(createTableService(), told),
                namespace: "n",
                builder,
                workers,
                seed: 1,
                stepwise: isStepwise,
                outhashExtra: extra,
                ...(topology === undefined ? {} : { topology, bytesOf: () => 1 }),
                ...(seconds === undefined ? {} : { secondsOf: ({ tid }) => (tid.length * seconds) % 7 }),
                onBuild: (build) => {
                  if (build.outcome.simulated !== undefined) simulated += 1;
                  const unsound = build.outcome.unsound.map(({ tid, why }) => `${tid} ${why}`);
                  rows.push([build.builder, fatesOf(build), unsound, build.counts, build.time]);
                },
              }).catch(whyNot);
              return { result, told, rows, simulated };
            }),
          );
          expect(direct?.rows).toEqual(stepwise?.rows);
          expect(direct?.told).toEqual(stepwise?.told);
          expect(direct?.result).toEqual(stepwise?.result);
          expect(stepwise?.simulated).toBe(stepwise?.rows.length);
        },
      ),
      { numRuns: Number(process.env.DIRECT_RUNS ?? 60) },
    );
  });
});

/** The same policy, of whose answers nothing is known: all of its tasks are hashed and asked for in each build. */
function askingForAll(policy: Policy): Policy {
  const { rebuilder } = policy;
  return rebuilder.follows === "answers" ? { ...policy, rebuilder: { ...rebuilder, follows: "anything" } } : policy;
}

/** No target of a builder may be there. */
function whyNot(error: unknown): string {
  if (error instanceof ReplayError) return error.message;
  throw error;
}

/** A service that keeps what it was told, in its order. */
function listening(service: EquivalenceService, told: unknown[]): EquivalenceService {
  return {
    ...service,
    reportAll: (reports) => {
      told.push(...reports);
      return service.reportAll(reports);
    },
    reportEquiv: (declared) => {
      told.push(declared);
      return service.reportEquiv(declared);
    },
    removeAll: (tasks) => {
      told.push(...tasks);
      return service.removeAll(tasks);
    },
  };
}
