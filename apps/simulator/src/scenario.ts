import {
  type CheckedExpectation,
  checkExpectations,
  describeBuild,
  formatBuilds,
  formatExplanation,
  type Scenario,
  type ScenarioBuild,
} from "@depid/scenario";
import { findScenario } from "@depid/scenario/fs";
import type { ReplayedScenario } from "./documents/index.ts";
import type { InputFlags } from "./replay/prepare-replay.ts";
import type { BuildFates } from "./replay/replay-part.ts";

/** Flags by which a scenario would go otherwise than its author says. */
const DECIDING = [
  "builder",
  "topology",
  "policyOptions",
  "workers",
  "outcomes",
  "irreproducible",
  "unique",
  "outhashExtra",
  "seed",
  "release",
  "durations",
] as const;

/** What a replay of a scenario tells beside the usual report. */
export class ScenarioReport {
  readonly #scenario: Scenario;
  readonly #isAsDrawn: boolean;
  readonly #builds: ScenarioBuild[] = [];

  /** @param isAsDrawn whether nothing was asked for that the scenario itself says otherwise */
  constructor(scenario: Scenario, isAsDrawn: boolean) {
    this.#scenario = scenario;
    this.#isAsDrawn = isAsDrawn;
  }

  add({ rows }: BuildFates): void {
    this.#builds.push(describeBuild(this.#scenario, rows));
  }

  /** What the scenario expects, against what came of it; nothing where other things were asked for. */
  get checked(): readonly CheckedExpectation[] {
    return this.#isAsDrawn ? checkExpectations(this.#scenario.expectations, this.#builds) : [];
  }

  get text(): string {
    return `${formatExplanation(this.#scenario)}\n\n${formatBuilds(this.#scenario, this.#builds, this.checked)}`;
  }

  /** The same as data: `scenario` in `depid-replay/1`. */
  get document(): ReplayedScenario {
    const { name, title, explanation } = this.#scenario;
    return { name, title, explanation, builds: this.#builds, expected: this.checked };
  }
}

/**
 * The flags of a replay of what may be a scenario: what was not asked for is as that says.
 *
 * @param isGiven whether a flag was on the command line
 */
export async function settleScenario<Flags extends InputFlags>(
  input: string,
  flags: Flags,
  isGiven: (flag: string) => boolean,
): Promise<{ readonly flags: Flags; readonly report: ScenarioReport | undefined }> {
  const scenario = await findScenario(input);
  if (scenario === undefined) return { flags, report: undefined };
  const { policies, builder, workers } = scenario;
  const outcomes = flags.execute === true ? "executed" : "scenario";
  const drawn = { policy: policies.join(), builder, workers, outcomes };
  const wanted = Object.entries(drawn).filter(([flag]) => !isGiven(flag));
  return {
    flags: { ...flags, ...Object.fromEntries(wanted) },
    report: new ScenarioReport(scenario, !DECIDING.some(isGiven)),
  };
}
