import { basehashOf, sketchTask, type TaskSketch } from "@depid/task-graph/testing";
import { describe, expect, it } from "vitest";
import { OutcomeChain } from "../outcomes/outcome-chain.ts";
import { neutral, type OutcomeBound, pessimistic } from "../outcomes/outcome-model.ts";
import type { Policy } from "../policies/policy.ts";
import { replayHistory } from "../replay.ts";
import type { ReplayResult } from "../result.ts";
import { sketchHistory } from "./sketch-history.ts";
import { createTableService } from "./table-service.ts";

/** Two recipes that compile and install for a third, which installs. (Tasks that install can be restored.) */
const TASKS: Record<string, TaskSketch> = {
  "tool-native:do_compile": {},
  "tool-native:do_sysroot": { deps: ["tool-native:do_compile"], setscene: true },
  "lib:do_compile": { deps: ["tool-native:do_sysroot"] },
  "lib:do_sysroot": { deps: ["lib:do_compile"], setscene: true },
  "app:do_compile": { deps: ["lib:do_sysroot", "tool-native:do_sysroot"] },
  "app:do_package": { deps: ["app:do_compile"], setscene: true },
};
const FIRST = Object.entries(TASKS).map(([name, sketch]) => sketchTask(name, sketch));
const changed = (name: string, text: string) => ({
  upsert: [sketchTask(name, { ...TASKS[name], basehash: basehashOf(text) })],
});
const HISTORY = sketchHistory(
  FIRST,
  changed("tool-native:do_compile", "1"),
  {},
  changed("lib:do_compile", "1"),
  changed("tool-native:do_compile", "2"),
  {},
);

/** The contract of a policy, whatever it decides. @param create makes it anew */
export function describePolicy(name: string, create: () => Policy): void {
  describe(`the contract of a policy: ${name}`, () => {
    const replay = (outcomes: OutcomeBound, builder: "fresh" | "persistent", policy = create()) =>
      replayHistory(HISTORY, {
        policies: [policy],
        outcomes: new OutcomeChain([], outcomes),
        service: createTableService(),
        namespace: "contract",
        builder,
        workers: 2,
        seed: 0,
      });
    /** What is measured in each setting: once for all that is asked of it. */
    let first: Promise<readonly ReplayResult[]> | undefined;
    const measure = () => Promise.all(settings.map(([outcomes, builder]) => replay(outcomes, builder)));
    const measured = () => {
      first ??= measure();
      return first;
    };
    const settings = [neutral, pessimistic].flatMap((outcomes) => [
      [outcomes, "fresh" as const] as const,
      [outcomes, "persistent" as const] as const,
    ]);

    it("has a name without blanks, and says in a sentence what it does", () => {
      const { name: own, definition } = create();
      expect(own).toMatch(/^\S+$/);
      expect(definition.length).toBeGreaterThan(20);
      expect(definition).not.toMatch(/[\n|]/);
    });

    it("executes all in the first build, and says of each task of each build what became of it", async () => {
      for (const { policies } of await measured()) {
        const { steps } = policies[0] ?? { steps: [] };
        expect(steps[0]?.executed).toBe(FIRST.length);
        for (const it of steps)
          expect(it.executed + it.restored + it.skipped + it.covered + it.noexec).toBe(FIRST.length);
      }
    });

    it("measures the same again", async () => {
      expect(await measure()).toEqual(await measured());
    });

    it("executes nothing more where nothing changed, in the directory of the last build", async () => {
      const policy = create();
      for (const [i, { policies }] of (await measured()).entries()) {
        if (settings[i]?.[1] !== "persistent") continue;
        const { steps } = policies[0] ?? { steps: [] };
        const expected = policy.rebuilder.reuses ? 0 : FIRST.length;
        expect([steps[2]?.executed, steps[5]?.executed]).toEqual([expected, expected]);
      }
    });

    it("does not look at the truth, unless that is what it says", async () => {
      const policy = create();
      let looked = 0;
      const watched: Policy = {
        ...policy,
        name: `${policy.name}-watched`,
        rebuilder: {
          ...policy.rebuilder,
          createGenerator: (context) =>
            policy.rebuilder.createGenerator({
              ...context,
              truthOf(tid) {
                looked += 1;
                return context.truthOf(tid);
              },
            }),
        },
      };
      await replay(pessimistic, "persistent", watched);
      expect(looked > 0).toBe(policy.rebuilder.follows === "truth");
    });
  });
}
