import { randomUUID } from "node:crypto";
import { openProgress } from "@depid/command-line/progress";
import type { Durations } from "@depid/durations";
import {
  assumptionsOf,
  type BuilderKind,
  describeDurations,
  formatReplay,
  type KnownSecondsOf,
  NeedlessTally,
  type OutcomeChain,
  type ReplayOptions,
  type ReplayReport,
  replayDocument,
  replayHistory,
  type Sensitivity,
  StaleWatch,
} from "@depid/replay";
import type { History } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { type DurationFlags, readDurations } from "./duration-flags.ts";
import type { FatesFile } from "./fates-file.ts";
import { LAX, type OutcomeFlags, resolveOutcomes } from "./outcomes/resolve-outcomes.ts";
import { chainsAround } from "./outcomes.ts";
import { choosePolicies } from "./policies.ts";
import { type ReleaseFlag, releaseOf } from "./release-flag.ts";
import { replayStep } from "./replay-step.ts";
import { openService } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";

export interface ReplayFlags extends DurationFlags, OutcomeFlags, ReleaseFlag {
  readonly policy: string;
  readonly server: string;
  readonly builder: BuilderKind;
  readonly workers: number;
  readonly seed: number;
  readonly sensitivity?: true;
  readonly steps?: true;
  readonly tasks?: string;
  readonly failOnStale?: true;
  readonly json?: true;
}

/** Exit status when something stale was reused and `--fail-on-stale` was asked for. */
const STALE = 1;

/** Replays a history and prints the report. Exit status 1 where `--strict` or `--fail-on-stale` was asked for and does not hold. */
export async function replay(file: string, flags: ReplayFlags, shutdown: Shutdown): Promise<void> {
  const policies = await choosePolicies(flags.policy);
  const durations = await readDurations(flags);
  const history = await readHistory(file);
  const { outcomes, options, accountFor, isLax } = await resolveOutcomes(flags, history, shutdown);
  const service = await openService(flags.server, shutdown);
  const progress = await openProgress();
  const { builder, workers, seed } = flags;
  const release = releaseOf(flags, history.header);
  const secondsOf: ReplayOptions["secondsOf"] =
    durations === undefined ? undefined : (task, variant) => durations.durationOf(task, variant).seconds;
  const run = (title: string, chain: OutcomeChain, onBuild?: ReplayOptions["onBuild"]) =>
    replayHistory(history, {
      policies,
      ...options,
      outcomes: chain,
      service,
      namespace: `depid-replay:${randomUUID()}`,
      builder,
      workers,
      seed,
      ...(release === undefined ? {} : { release }),
      ...(secondsOf === undefined ? {} : { secondsOf }),
      signal: shutdown.signal,
      onProgress: (it) => {
        progress.update(replayStep(title, it));
        return shutdown.takeTurn();
      },
      ...(onBuild === undefined ? {} : { onBuild }),
    });
  const fates = flags.tasks === undefined ? undefined : await openFates(flags.tasks, file, history, durations);
  try {
    const chain = outcomes.create();
    const needless = new NeedlessTally(secondsOf);
    const stale = new StaleWatch();
    const result = await run("replay", chain, async (build) => {
      needless.add(build);
      stale.add(build);
      if (policies.includes(build.policy)) await fates?.add(build);
    });
    await fates?.end();
    const sensitivity: Sensitivity[number][] = [];
    if (flags.sensitivity === true) {
      for (const { model, definition, create } of chainsAround(outcomes)) {
        const turnsUnsure = model.includes("unsure");
        const isAsked = definition === outcomes.name;
        const other = isAsked ? result : await run(`replay, outcomes ${model}`, create());
        sensitivity.push({ model, definition, turnsUnsure, result: other });
      }
    }
    const report: ReplayReport = {
      source: file,
      history,
      setting: { builder, outcomes: outcomes.name, workers, seed },
      result,
      account: accountFor(chain, result.decisions),
      needless: needless.of(policies.map((it) => it.name)),
      unsound: stale.of(result.policies),
      ...(durations === undefined ? {} : { durations: describeDurations(durations, history) }),
      ...(flags.sensitivity === true ? { sensitivity } : {}),
    };
    progress.end();
    process.stdout.write(
      flags.json === true
        ? `${JSON.stringify(replayDocument(report), null, 2)}\n`
        : `${formatReplay(report, { steps: flags.steps === true })}\n`,
    );
    if (isLax(report.account)) process.exitCode = LAX;
    if (flags.failOnStale === true && report.unsound.length > 0) process.exitCode = STALE;
  } catch (error) {
    await fates?.abort(error);
    throw error;
  } finally {
    progress.end();
  }
}

/** Where nothing was measured of a variant, its seconds are not known. */
async function openFates(
  file: string,
  source: string,
  history: History,
  durations: Durations | undefined,
): Promise<FatesFile> {
  const { openFatesFile } = await import("./fates-file.ts");
  const secondsOf: KnownSecondsOf = (task, variant) =>
    durations === undefined || durations.measured[variant] === 0
      ? undefined
      : durations.durationOf(task, variant).seconds;
  const unknown = [
    ...(durations === undefined ? ["how long tasks take: no durations were given"] : []),
    ...(durations?.measured.setscene === 0 ? ["how long restoring takes: the durations have no setscene task"] : []),
  ];
  return openFatesFile(file, source, { unknown, assumed: assumptionsOf(history) }, secondsOf);
}
