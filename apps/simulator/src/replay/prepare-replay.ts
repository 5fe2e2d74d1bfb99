import { createDurations, type Durations } from "@depid/durations";
import type { BuilderKind, KnownSecondsOf, ObjectSizes, OutcomeChain, Policy, ReplayOptions } from "@depid/replay";
import type { Scenario } from "@depid/scenario";
import { findScenario } from "@depid/scenario/fs";
import type { History } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { type DurationFlags, readDurations } from "../duration-flags.ts";
import type { ExecuteFlags, Execution } from "../execute/open-execution.ts";
import { type OutcomeFlags, type ResolvedOutcomes, resolveOutcomes } from "../outcomes/resolve-outcomes.ts";
import { chainsAround, type chooseOutcomes } from "../outcomes.ts";
import { choosePolicies, readPolicyOptionsFile } from "../policies.ts";
import type { PolicyOptionsFlag } from "../policy-flags.ts";
import { type ReleaseFlag, releaseOf } from "../release-flag.ts";
import type { Shutdown } from "../shutdown.ts";
import type { SizesFlag } from "../sizes.ts";
import { readTopology, type TopologyFlag } from "../topology.ts";

/** The flags that say what is replayed. They are plain data: a thread of its own reads the same by them. */
export interface InputFlags
  extends DurationFlags,
    ExecuteFlags,
    OutcomeFlags,
    PolicyOptionsFlag,
    ReleaseFlag,
    SizesFlag,
    TopologyFlag {
  readonly policy: string;
  readonly builder: BuilderKind;
  readonly workers: number;
  readonly seed: number;
}

/** What is replayed, read and ready. */
export interface PreparedReplay {
  readonly history: History;
  /** What was named, if it is one. */
  readonly scenario: Scenario | undefined;
  /** If its commands were run. */
  readonly execution: Execution | undefined;
  readonly policies: readonly Policy[];
  readonly durations: Durations | undefined;
  readonly sizes: ObjectSizes | undefined;
  readonly outcomes: ResolvedOutcomes;
  /** What all replays of it have. */
  readonly options: Omit<ReplayOptions, "policies" | "outcomes" | "service" | "namespace">;
  /** Seconds for rows of tasks: where nothing was measured of a variant, they are not known. */
  readonly knownSecondsOf: KnownSecondsOf;
}

/** @param choose reads the chain of outcomes @throws what readers throw, one line each */
export async function prepareReplay(
  file: string,
  flags: InputFlags,
  shutdown: Shutdown,
  choose?: typeof chooseOutcomes,
): Promise<PreparedReplay> {
  const scenario = await findScenario(file);
  const read = async () => scenario?.history ?? (await readHistory(file));
  return prepareHistory(scenario, read, flags, shutdown, choose);
}

/** The same for a history that is no file. @param read is called when flags are found to be right */
export async function prepareHistory(
  scenario: Scenario | undefined,
  read: () => Promise<History>,
  flags: InputFlags,
  shutdown: Shutdown,
  choose?: typeof chooseOutcomes,
): Promise<PreparedReplay> {
  const sizes = flags.sizes === undefined ? undefined : await (await import("../sizes.ts")).readSizes(flags);
  const drawn = flags.policyOptions === undefined ? scenario?.policyOptions : undefined;
  const policies = await choosePolicies(flags.policy, drawn ?? (await readPolicyOptionsFile(flags.policyOptions)));
  const topology = flags.topology === undefined ? scenario?.topology : await readTopology(flags.topology);
  const given = await readDurations(flags);
  const history = await read();
  const execution =
    flags.execute === true
      ? await (await import("../execute/open-execution.ts")).openExecution(scenario, topology, flags, shutdown)
      : undefined;
  const executed = execution?.outputs;
  const durations =
    flags.executeTimes === true && executed !== undefined
      ? createDurations(executed.durations, { names: ["executed"] })
      : (given ?? durationsOf(scenario));
  const outcomes = await resolveOutcomes(flags, { history, scenario, executed, shutdown, seed: flags.seed }, choose);
  const { builder, workers, seed } = flags;
  const release = releaseOf(flags, history.header);
  return {
    history,
    scenario,
    execution,
    policies,
    durations,
    sizes,
    outcomes,
    options: {
      ...outcomes.options,
      ...(scenario === undefined ? {} : { unseenDeps: scenario.unseenDeps }),
      builder,
      workers,
      seed,
      ...(topology === undefined ? {} : { topology }),
      ...(sizes === undefined ? {} : { bytesOf: sizes.bytesOf }),
      ...(release === undefined ? {} : { release }),
      ...(durations === undefined ? {} : { secondsOf: (task, variant) => durations.durationOf(task, variant).seconds }),
    },
    knownSecondsOf: (task, variant) =>
      durations === undefined || durations.measured[variant] === 0
        ? undefined
        : durations.durationOf(task, variant).seconds,
  };
}

/**
 * A new chain of outcomes.
 *
 * @param model one of those around the one asked for, by its name; `undefined`: the one asked for
 */
export function createChain({ outcomes }: ResolvedOutcomes, model: string | undefined): OutcomeChain {
  if (model === undefined) return outcomes.create();
  const other = chainsAround(outcomes).find((it) => it.model === model);
  if (other === undefined) throw new Error(`no outcome model ${model}`);
  return other.create();
}

/** How long tasks of a scenario take; `undefined` if it does not say. */
function durationsOf(scenario: Scenario | undefined): Durations | undefined {
  if (scenario === undefined || scenario.durations.length === 0) return undefined;
  return createDurations(scenario.durations, { names: [scenario.name] });
}
