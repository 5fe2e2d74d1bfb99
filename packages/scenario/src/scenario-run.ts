import type { Tid } from "@depid/hash";
import type { TaskFate } from "@depid/replay";
import type { Expectation, Scenario } from "./scenario.ts";

/** What one policy did in one step, by names of tasks (`PN:TASK`), in the order in which the scenario has them. */
export interface ScenarioBuild {
  readonly step: number;
  /** Its name; of a topology `NAME by BUILDER`. */
  readonly policy: string;
  /** How many there are in this step. */
  readonly tasks: number;
  readonly executed: readonly string[];
  readonly restored: readonly string[];
  /** Reused, though a clean build makes something else. */
  readonly stale: readonly string[];
}

/** An expectation held against what came of it. */
export interface CheckedExpectation {
  readonly step: number;
  readonly policy: string;
  readonly what: "executed" | "restored" | "stale";
  readonly expected: readonly string[];
  readonly found: readonly string[];
  readonly holds: boolean;
}

/** Sums up one build of a scenario. @param fates of all its tasks */
export function describeBuild({ names }: Pick<Scenario, "names">, fates: readonly TaskFate[]): ScenarioBuild {
  const byTid = new Map(fates.map((fate) => [fate.task as Tid, fate]));
  const select = (is: (fate: TaskFate) => boolean) =>
    [...names].flatMap(([tid, name]) => {
      const fate = byTid.get(tid);
      return fate !== undefined && is(fate) ? [name] : [];
    });
  const [first] = fates;
  return {
    step: first?.step ?? 0,
    policy:
      first === undefined ? "" : first.builder === undefined ? first.policy : `${first.policy} by ${first.builder}`,
    tasks: fates.length,
    executed: select(({ fate }) => fate === "executed"),
    restored: select(({ fate }) => fate === "restored"),
    stale: select(({ stale }) => stale),
  };
}

/** What a scenario expects, against the builds of a replay: of policies that were not replayed, nothing. */
export function checkExpectations(
  expectations: readonly Expectation[],
  builds: readonly ScenarioBuild[],
): readonly CheckedExpectation[] {
  return expectations.flatMap(({ step, policy, runs, restores, stale }) => {
    const build = builds.find((it) => it.step === step && it.policy === policy);
    if (build === undefined) return [];
    const sets = [
      ["executed", runs],
      ["restored", restores],
      ["stale", stale],
    ] as const;
    return sets.flatMap(([what, expected]) => {
      if (expected === undefined) return [];
      const found = build[what];
      const holds = found.length === expected.length && found.every((it) => expected.includes(it));
      return [{ step, policy, what, expected, found, holds }];
    });
  });
}
