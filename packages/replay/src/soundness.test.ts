import type { DepId, TaskHash, Tid } from "@depid/hash";
import type { Task } from "@depid/task-graph";
import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "./outcomes/outcome-chain.ts";
import { pessimistic } from "./outcomes/outcome-model.ts";
import { policyNames } from "./policies/names.ts";
import type { Policy } from "./policies/policy.ts";
import type { PolicyOptions } from "./policies/policy-options.ts";
import { getPolicy } from "./policies/registry.ts";
import { replayHistory } from "./replay.ts";
import { StaleWatch } from "./report/unsound.ts";
import { drawnSteps, drawnTasks, historyOf } from "./testing/drawn-history.ts";
import { createTableService, sketchHistory } from "./testing/index.ts";
import { LYING_POLICIES } from "./testing/lying-policies.ts";

/** With these, policies that can be told to reuse what is wrong do so. */
const OPTIONS: PolicyOptions = {
  abisafe: { recipes: ["p0"], pairs: ["p2->p1"] },
  locked: { recipes: ["p1"] },
  cdepends: { consumers: [{ consumer: "p[23]", parents: ["p*"], level: "version" }] },
  "per-consumer": { consumers: [{ consumer: "p2", parents: ["p0"], level: "nothing" }] },
  "equivalence-list": { compare: "version" },
};

/** All but the clairvoyant, which is replayed by itself. */
const COUNTED = policyNames.filter((name) => name !== "clairvoyant");

/** Another builder, with the same server and cache, on which tasks of some recipes come out otherwise. */
const drawnSecond = fc.option(
  fc.record({
    kind: fc.constantFrom("fresh" as const, "persistent" as const),
    diverges: fc.uniqueArray(fc.constantFrom("p0", "p1", "p2", "p3"), { maxLength: 2 }),
  }),
  { nil: undefined },
);

describe("what a replay counts as stale", () => {
  it("is what is reused and has another content than a clean build makes on the same builder, as counted from nothing but hashes and what became of tasks", async () => {
    await fc.assert(
      fc.asyncProperty(
        drawnTasks,
        drawnSteps,
        fc.constantFrom("fresh" as const, "persistent" as const),
        fc.subarray(COUNTED, { minLength: 3, maxLength: 5 }),
        drawnSecond,
        async (drawn, steps, builder, names, second) => {
          const builders = [{ name: "a", kind: builder }, ...(second === undefined ? [] : [{ name: "b", ...second }])];
          const topology = builders.map((it) => ({
            ...it,
            cadence: { every: 1, offset: 0 },
            server: "s",
            sstate: "c",
          }));
          const { history, changedIn, outcomeIn } = historyOf(drawn, steps);
          const service = createTableService();
          const counters = new Map<string, StaleCount>();
          const counted: (readonly [string, number, number])[] = [];
          await replayHistory(history, {
            policies: names.map((name) => {
              const counter = new StaleCount(getPolicy(name, OPTIONS), builders);
              counters.set(name, counter);
              return counter.policy;
            }),
            outcomes: new OutcomeChain([{ name: "drawn", outcomeOf: ({ step }) => outcomeIn(step.step) }], pessimistic),
            service,
            namespace: "n",
            builder,
            topology: { builders: topology, servers: [{ name: "s" }], caches: [{ name: "c" }] },
            workers: 2,
            seed: 1,
            outhashExtra: "none",
            async onBuild({ step, builder, policy, plan, fates, counts }) {
              const counter = counters.get(policy.name);
              if (counter === undefined) return;
              const rows = plan.tids.map((tid) => plan.tasks[plan.indices.get(tid) as number] as Task);
              counter.change(step.step, changedIn(step.step), outcomeIn(step.step));
              const method = `n:${policy.name}:s`;
              const answers = await service.getDepIds(
                rows.map(({ tid }) => ({ method, taskhash: counter.taskhashOf(tid) })),
              );
              const stale = counter.build(builder, rows, {
                isExecuted: (task) => fates.isExecuted(plan.indices.get(task.tid) as number),
                isRestored: (task) => fates.isRestored(plan.indices.get(task.tid) as number),
                isReused: (task) => fates.isReused(plan.indices.get(task.tid) as number),
                answerOf: (task) => answers[rows.indexOf(task)],
              });
              counted.push([`${policy.name} ${step.step} ${builder}`, counts.stale, stale]);
            },
          });
          for (const [name, stale, expected] of counted) expect([name, stale]).toEqual([name, expected]);
        },
      ),
      { numRuns: Number(process.env.SOUNDNESS_RUNS ?? 60) },
    );
  });
});

/** What tasks make, told by the versions of what went into it: another way to say it than the truth of a replay. */
interface Made {
  readonly output: string;
  readonly outward: string;
}

interface CountedBuilder {
  readonly name: string;
  readonly kind: "fresh" | "persistent";
  /** Recipes whose tasks come out otherwise there. */
  readonly diverges?: readonly string[];
}

/** Counts what one policy reuses wrongly: follows its hashes, and which task made or restored what. */
class StaleCount {
  readonly policy: Policy;
  readonly #builders: readonly CountedBuilder[];
  readonly #hashes = new Map<Tid, { readonly taskhash: TaskHash; readonly depid: DepId }>();
  readonly #versions = new Map<string, { output: number; outward: number }>();
  readonly #objects = new Map<string, Made>();
  /** By builder. */
  readonly #held = new Map<string, Map<Tid, Made>>();

  constructor(policy: Policy, builders: readonly CountedBuilder[]) {
    this.#builders = builders;
    const { follows } = policy.rebuilder;
    this.policy = {
      ...policy,
      rebuilder: {
        ...policy.rebuilder,
        digests: false,
        // Each build asks for all hashes, so that those are known that it goes by.
        follows: follows === "answers" ? "anything" : follows,
        createGenerator: (context) => {
          const generator = policy.rebuilder.createGenerator(context);
          return {
            ...generator,
            depids: async (tasks) => {
              const depids = await generator.depids(tasks);
              for (const [i, { task, taskhash }] of tasks.entries())
                this.#hashes.set(task.tid, { taskhash, depid: depids[i] as DepId });
              return depids;
            },
          };
        },
      },
    };
  }

  taskhashOf(tid: Tid): TaskHash {
    return this.#hashes.get(tid)?.taskhash as TaskHash;
  }

  change(step: number, name: string | undefined, outcome: string | undefined): void {
    if (name === undefined) return;
    const versions = this.#versions.get(name) ?? { output: 0, outward: 0 };
    if (outcome !== "neutral") versions.output = step;
    if (outcome === "propagating") versions.outward = step;
    this.#versions.set(name, versions);
  }

  /** A build is done. @param rows in any order */
  build(
    by: string,
    rows: readonly Task[],
    build: Readonly<Record<"isExecuted" | "isRestored" | "isReused", (task: Task) => boolean>> & {
      answerOf(task: Task): DepId | undefined;
    },
  ): number {
    const builder = this.#builders.find(({ name }) => name === by) as CountedBuilder;
    const keeps = builder.kind === "persistent" && this.policy.rebuilder.reuses;
    const here = (keeps && this.#held.get(by)) || new Map<Tid, Made>();
    this.#held.set(by, here);
    const truths = new Map<Tid, Made>();
    const sorted = rows.toSorted((a, b) => numberOf(a) - numberOf(b));
    for (const task of sorted)
      truths.set(
        task.tid,
        this.#make(builder, task, (tid) => truths.get(tid)),
      );
    const objects = new Map(this.#objects);
    let stale = 0;
    for (const task of sorted) {
      const { taskhash, depid } = this.#hashes.get(task.tid) ?? {};
      const name = (hash: string | undefined): string => `${task.tid} ${hash}`;
      if (build.isExecuted(task)) {
        const made = this.#make(builder, task, (tid) => here.get(tid) ?? truths.get(tid));
        here.set(task.tid, made);
        const adoption = this.policy.server?.adoption;
        const kept =
          adoption === "at once"
            ? [build.answerOf(task) ?? depid]
            : adoption === "awaited"
              ? [taskhash, depid]
              : [depid];
        for (const hash of kept) if (!objects.has(name(hash))) objects.set(name(hash), made);
      } else if (build.isRestored(task)) here.set(task.tid, this.#objects.get(name(depid)) as Made);
      const held = here.get(task.tid);
      if (build.isReused(task) && held !== undefined && held.output !== truths.get(task.tid)?.output) stale += 1;
    }
    for (const [name, made] of objects) this.#objects.set(name, made);
    return stale;
  }

  #make({ name: by, diverges = [] }: CountedBuilder, task: Task, of: (tid: Tid) => Made | undefined): Made {
    const { output, outward } = this.#versions.get(`${task.pn}:${task.task}`) ?? { output: 0, outward: 0 };
    const name = `${task.pn}:${task.task}`;
    const below = (within: boolean): string =>
      task.hashdeps
        .map((tid) => (within && tid.startsWith(`${task.pn}.`) ? of(tid)?.output : of(tid)?.outward))
        .join(",");
    const own = diverges.includes(task.pn) ? `${name} on ${by}` : name;
    return { output: `${own}@${output}(${below(true)})`, outward: `${own}@${outward}(${below(false)})` };
  }
}

/** Tasks are numbered, each higher than those it depends on. */
const numberOf = ({ task }: Task): number => Number(task.replace("do_t", ""));

describe("a policy that lies", () => {
  const SKETCHES: Record<string, TaskSketch> = {
    "base:do_sysroot": { setscene: true },
    "tool:do_sysroot": { setscene: true },
    "lib:do_sysroot": { setscene: true, deps: ["base:do_sysroot", "tool:do_sysroot"] },
    "app:do_package": { setscene: true, deps: ["lib:do_sysroot"] },
  };
  const row = (name: string, more: TaskSketch) => sketchTask(name, { ...SKETCHES[name], ...more });
  const again = (text: string) => ({ upsert: [row("tool:do_sysroot", { basehash: basehashOf(text) })] });
  const history = sketchHistory(
    Object.keys(SKETCHES).map((name) => row(name, {})),
    { upsert: [row("base:do_sysroot", { basehash: basehashOf("base") })] },
    { upsert: [row("lib:do_sysroot", { files: [["lib.patch", "0".repeat(64)]] })] },
    { upsert: [row("app:do_package", { taint: "tainted" })] },
    ...["1", "2", "3", "4", "5", "6", "7", "8"].map(again),
  );

  it.each(LYING_POLICIES.map((policy) => [policy.name, policy] as const))(
    "%s: is caught, with the step and the first task that it reused wrongly",
    async (name, policy) => {
      const watch = new StaleWatch();
      const { policies } = await replayHistory(history, {
        policies: [policy],
        outcomes: new OutcomeChain([], pessimistic),
        service: createTableService(),
        namespace: "n",
        builder: "fresh",
        workers: 1,
        seed: 0,
        onBuild: (build) => watch.add(build),
      });
      const [found, ...others] = watch.of(policies);
      expect(others).toEqual([]);
      expect(`${found?.policy} step ${found?.step} ${found?.task}`).toBe(`${name} ${CAUGHT[name]}`);
      expect(found?.stale).toBeGreaterThan(0);
    },
  );

  it("is one of twelve", () => {
    expect(LYING_POLICIES.map((it) => it.name)).toEqual(Object.keys(CAUGHT));
    expect(LYING_POLICIES).toHaveLength(12);
  });
});

/** Where each lie is found first. */
const CAUGHT: Readonly<Record<string, string>> = {
  "ignores-files": "step 2 lib:do_sysroot",
  "ignores-dependencies": "step 1 lib:do_sysroot",
  "ignores-metadata": "step 1 base:do_sysroot",
  "ignores-taints": "step 3 app:do_package",
  "forgets-a-dependency": "step 1 lib:do_sysroot",
  "hashes-the-task-alone": "step 1 base:do_sysroot",
  "says-the-same-of-all": "step 1 base:do_sysroot",
  "cuts-hashes-short": "step 6 lib:do_sysroot",
  "has-a-hash-for-the-first-time": "step 1 base:do_sysroot",
  "reports-one-output": "step 2 base:do_sysroot",
  "reports-the-recipe": "step 2 base:do_sysroot",
  "knows-one-depid": "step 1 base:do_sysroot",
};
