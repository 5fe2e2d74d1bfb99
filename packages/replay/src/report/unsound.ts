import type { Tid } from "@depid/hash";
import type { UnsoundWhy } from "@depid/runqueue";
import type { ReplayedBuild } from "../options.ts";
import { KNOWN_UNSOUND } from "../policies/names.ts";
import type { MeasuredPolicy } from "../result.ts";
import { taskKeyOf } from "../task-key.ts";

/** A policy that reused what is wrong, with the first time that it did so. */
export interface Unsound {
  readonly policy: string;
  readonly step: number;
  /** Commit of the step. */
  readonly id: string;
  /** Title of its last commit; "" if it has none. */
  readonly title: string;
  /** `[mc:config:]pn:task`: among the first, one that depends on none of the others. */
  readonly task: string;
  readonly why: StaleWhy;
  /** How many stale outputs it reused in all steps. */
  readonly stale: number;
}

/** Why what was reused is wrong: what was seen of the build (docs/spec/runqueue.md section 14), or what was found of it. */
export type StaleWhy = UnsoundWhy | "object" | "stamp";

/** A sentence for each reason. */
export const STALE_REASONS: Readonly<Record<StaleWhy, string>> = {
  "other-output": "it had made another output than the one that is kept under its depid",
  "equivalence-unseen": "the server was told of an equivalence that follows from no output",
  "taskhash-shared": "tasks of two recipes have the same taskhash, and the first one reported decides for both",
  object: "it was restored, and the object found for its hash holds another output than a clean build makes",
  stamp: "its stamp was current, and what it stands for is another output than a clean build makes",
};

/** Watches builds for outputs that are reused wrongly. */
export class StaleWatch {
  readonly #found = new Map<string, Omit<Unsound, "stale">>();
  readonly #reasons = new Map<string, Map<Tid, UnsoundWhy>>();

  add({ step, policy, graph, plan, outcome, fates, isStale, counts }: ReplayedBuild): void {
    const { name } = policy;
    if (name === KNOWN_UNSOUND || this.#found.has(name)) return;
    const reasons = this.#reasons.get(name) ?? new Map<Tid, UnsoundWhy>();
    this.#reasons.set(name, reasons);
    for (const { tid, why } of outcome.unsound) if (!reasons.has(tid)) reasons.set(tid, why);
    if (counts.stale === 0) return;
    for (const tid of graph.generations.flat()) {
      const place = plan.indices.get(tid) as number;
      if (!fates.isReused(place) || !isStale(place)) continue;
      const why = reasons.get(tid) ?? (fates.isRestored(place) ? "object" : "stamp");
      const title = step.commits.at(-1)?.title ?? "";
      this.#found.set(name, {
        policy: name,
        step: step.step,
        id: step.id,
        title,
        task: taskKeyOf(graph.get(tid)),
        why,
      });
      return;
    }
  }

  /** In the order of the policies. */
  of(policies: readonly MeasuredPolicy[]): readonly Unsound[] {
    return policies.flatMap(({ name, steps }) => {
      const first = this.#found.get(name);
      if (first === undefined) return [];
      return [{ ...first, stale: steps.reduce((sum, counts) => sum + counts.stale, 0) }];
    });
  }
}
