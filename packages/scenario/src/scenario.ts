import type { DurationRecord } from "@depid/durations";
import type { Tid } from "@depid/hash";
import type { BuilderKind, IrreproducibleRule, Labels, PolicyOptions, TaskKey, Topology } from "@depid/replay";
import type { History } from "@depid/task-graph";

/** A small world in which something can be seen: what is built, what changes, what comes of it, and what a reader is to learn (`depid-scenario/1`). */
export interface Scenario {
  /** As it was asked for: a name, or a path. */
  readonly name: string;
  readonly title: string;
  /** For a learner; Markdown. */
  readonly explanation: string;
  readonly history: History;
  /** Of each step, how its tasks are run, where the scenario says so. */
  readonly commands: readonly ReadonlyMap<Tid, TaskCommand>[];
  /** What each change does to outputs: as its author says, for each task. */
  readonly labels: Labels;
  readonly unseenDeps: ReadonlyMap<TaskKey, readonly TaskKey[]>;
  /** Tasks that are not reproducible. */
  readonly irreproducible: readonly IrreproducibleRule[];
  /** How long tasks take; empty: nothing is said of time. */
  readonly durations: readonly DurationRecord[];
  /** Names of policies. */
  readonly policies: readonly string[];
  readonly builder: BuilderKind;
  readonly workers: number;
  /** Who builds, where that is more than one builder. */
  readonly topology: Topology | undefined;
  /** What policies know beyond the recipes. */
  readonly policyOptions: PolicyOptions;
  readonly expectations: readonly Expectation[];
  /** `PN:TASK` of every task that there is in any step. */
  readonly names: ReadonlyMap<Tid, string>;
}

/** How a task of a step is run. Only who asks for it has commands run. */
export interface TaskCommand {
  /** `PN:TASK`. */
  readonly name: string;
  readonly recipe: string;
  readonly version: string;
  /** Tasks whose outputs it has. */
  readonly inputs: readonly Tid[];
  /** Commands of a shell; `undefined`: the scenario has none. */
  readonly run: string | undefined;
  /** Variables of its environment. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files that it has, by name, with what is in them. */
  readonly files: Readonly<Record<string, string>>;
}

/** What its author says one policy does in one step. */
export interface Expectation {
  /** Counted from 0. */
  readonly step: number;
  /** Its name; of a topology `NAME by BUILDER`. */
  readonly policy: string;
  /** Names of the tasks that are executed, and no others; absent: nothing is said of them. */
  readonly runs?: readonly string[] | undefined;
  /** Of those that are restored. */
  readonly restores?: readonly string[] | undefined;
  /** Of those that are wrongly reused. */
  readonly stale?: readonly string[] | undefined;
}
