import { type ChangeExplanation, type Comparison, compareCaptures, explainTaskChange } from "@depid/compare";
import { type BuildHashes, hashesOf, type Run } from "@depid/run-document";
import type { CapturedTask } from "@depid/task-graph";

/** Which build. */
export interface BuildName {
  readonly policy: string;
  readonly builder: string;
  readonly step: number;
}

/** The hashes of a build, and how they differ from those of the builder's build before. */
export interface ExplainedBuild {
  readonly hashes: BuildHashes;
  /** `undefined`: there was no build before, or its hashes are not known. */
  readonly before: { readonly step: number; readonly comparison: Comparison } | undefined;
}

/** Explains builds of a run; what was found is kept for the last few, as it takes a while. */
export class Explanations {
  readonly #run: Run;
  readonly #hashes = new Map<string, Promise<BuildHashes | undefined>>();
  readonly #builds = new Map<string, Promise<ExplainedBuild | undefined>>();

  constructor(run: Run) {
    this.#run = run;
  }

  /** @returns `undefined` where what the policy hashes is not known */
  of(name: BuildName): Promise<ExplainedBuild | undefined> {
    return kept(this.#builds, name, () => this.#explain(name));
  }

  async #explain(name: BuildName): Promise<ExplainedBuild | undefined> {
    const hashes = await this.#hashesOf(name);
    if (hashes === undefined) return undefined;
    const before = this.#stepBefore(name);
    const old = before === undefined ? undefined : await this.#hashesOf({ ...name, step: before });
    if (old === undefined || before === undefined) return { hashes, before: undefined };
    return { hashes, before: { step: before, comparison: compareCaptures(captureOf(old), captureOf(hashes)) } };
  }

  #hashesOf(name: BuildName): Promise<BuildHashes | undefined> {
    return kept(this.#hashes, name, async () => {
      const build = this.#run.build(name.policy, name.step, name.builder);
      return build && (await hashesOf(this.#run, build));
    });
  }

  /** The builder's last build before: with a topology not every step is built. */
  #stepBefore({ policy, builder, step }: BuildName): number | undefined {
    for (let at = step - 1; at >= 0; at--) if (this.#run.build(policy, at, builder) !== undefined) return at;
    return undefined;
  }
}

const KEPT = 4;

/** The thing of a name; of many names, the last few are kept. */
function kept<T>(known: Map<string, Promise<T>>, name: BuildName, make: () => Promise<T>): Promise<T> {
  const key = JSON.stringify([name.policy, name.builder, name.step]);
  const thing = known.get(key) ?? make();
  known.delete(key);
  known.set(key, thing);
  for (const old of known.keys()) if (known.size > KEPT) known.delete(old);
  return thing;
}

function captureOf(hashes: BuildHashes) {
  return { header: { origin: {}, unknown: [], assumed: [] }, tasks: hashes.captured() };
}

/** Why a task has another taskhash than in the build before. */
export type WhyChanged =
  | { readonly how: "first" | "added" | "same" }
  | { readonly how: "changed"; readonly explanation: ChangeExplanation; readonly keptDepId: boolean };

/** @param name of a task of the build */
export function whyChanged({ before }: ExplainedBuild, name: string): WhyChanged {
  if (before === undefined) return { how: "first" };
  const { comparison } = before;
  if (comparison.added.some((it) => it.name === name)) return { how: "added" };
  if (!comparison.changed.some((it) => it.name === name)) return { how: "same" };
  return { how: "changed", explanation: explainTaskChange(comparison, name), keptDepId: comparison.kept.has(name) };
}

/** The state of a task before, to hold its inputs against. */
export function taskBefore({ before }: ExplainedBuild, name: string): CapturedTask | undefined {
  return before?.comparison.pairing.pairs.get(name)?.before;
}
