import { randomUUID } from "node:crypto";
import { generatorOf } from "@depid/bitbake";
import { openProgress } from "@depid/command-line/progress";
import {
  type BuilderKind,
  formatVerify,
  leastAgreement,
  type Policy,
  replayHistory,
  type VerifiedStep,
  type VerifyReport,
  verifyDocument,
} from "@depid/replay";
import { type History, settingsAt, squashHistory } from "@depid/task-graph";
import { readHistory } from "@depid/task-graph/fs";
import { type DurationFlags, readDurations } from "./duration-flags.ts";
import { LAX, type OutcomeFlags, resolveOutcomes } from "./outcomes/resolve-outcomes.ts";
import { choosePolicies, readPolicyOptionsFile } from "./policies.ts";
import type { PolicyOptionsFlag } from "./policy-flags.ts";
import { type ReleaseFlag, releaseOf } from "./release-flag.ts";
import { replayStep } from "./replay-step.ts";
import { openService } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";
import { type AssignedBuild, assignBuilds } from "./verify/assign-builds.ts";
import { compareStep } from "./verify/compare-step.ts";
import { VerifyError } from "./verify/errors.ts";
import { requireTasks } from "./verify/require-tasks.ts";

export interface VerifyFlags extends DurationFlags, OutcomeFlags, PolicyOptionsFlag, ReleaseFlag {
  readonly policy?: string;
  readonly server: string;
  readonly builder: BuilderKind;
  readonly workers: number;
  readonly seed: number;
  readonly samples: number;
  readonly spread: number;
  readonly onlyRecorded?: true;
  readonly atLeast?: number;
  readonly json?: true;
}

/** Exit status when recordings agree less than was asked for. */
const DISAGREES = 1;

/** Holds the prediction of a history against what BitBake ran. Exit status 1 if it agrees less than `--at-least`. */
export async function verify(
  file: string,
  specs: readonly string[],
  flags: VerifyFlags,
  shutdown: Shutdown,
): Promise<void> {
  const durations = await readDurations(flags);
  const whole = await readHistory(file);
  const { outcomes, options, accountFor, isLax } = await resolveOutcomes(flags, {
    history: whole,
    shutdown,
    seed: flags.seed,
  });
  const policy = await choosePolicy(flags, whole);
  const builds = await assignBuilds(specs, whole);
  requireTasks(builds, whole);
  const first = whole.steps[0]?.step ?? 0;
  const compared = new Set(builds.map((it) => it.step).filter((step) => step !== first));
  if (compared.size === 0) {
    throw new VerifyError(
      `${specs.join(" ")}: expected a build of a step after the first, which all others start from`,
    );
  }
  const last = Math.max(...compared);
  const isBuilt = (step: number) => (flags.onlyRecorded === true ? compared.has(step) : step <= last);
  const history = squashHistory(whole, isBuilt);
  const service = await openService(flags.server, shutdown);
  const progress = await openProgress();
  const chain = outcomes.create();
  const { builder, workers, seed, samples, spread } = flags;
  const release = releaseOf(flags, history.header);
  const steps: VerifiedStep[] = [];
  const { decisions } = await replayHistory(history, {
    policies: [policy],
    ...options,
    outcomes: chain,
    service,
    namespace: `depid-verify:${randomUUID()}`,
    builder,
    workers,
    seed,
    samples,
    spread,
    stepwise: true,
    ...(release === undefined ? {} : { release }),
    ...(durations === undefined ? {} : { secondsOf: (task, variant) => durations.durationOf(task, variant).seconds }),
    signal: shutdown.signal,
    onProgress: (it) => {
      progress.update(replayStep("verify", it));
      return shutdown.takeTurn();
    },
    onBuild: (build) => {
      const of = builds.filter((it) => it.step === build.step.step);
      if (build.policy === policy && compared.has(build.step.step)) steps.push(compareStep(build, of));
    },
  }).finally(() => progress.end());
  const report: VerifyReport = {
    source: file,
    setting: {
      policy: policy.name,
      builder,
      workers,
      seed,
      samples,
      spread,
      outcomes: outcomes.name,
      durations:
        durations === undefined
          ? "unknown: each task takes a second"
          : `${durations.names.join(", ")} (${durations.measure})`,
    },
    steps,
    account: accountFor(chain, decisions),
    notes: notesOf(history, builds, compared, flags),
  };
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(verifyDocument(report), null, 2)}\n` : `${formatVerify(report)}\n`,
  );
  if (isLax(report.account)) process.exitCode = LAX;
  if (flags.atLeast !== undefined && leastAgreement(report) < flags.atLeast) process.exitCode = DISAGREES;
}

async function choosePolicy({ policy: name, policyOptions }: VerifyFlags, { header }: History): Promise<Policy> {
  const handler = header.handler ?? "";
  const chosen = name ?? generatorOf(handler);
  if (chosen === undefined) {
    throw new VerifyError(`--policy: expected a policy, as the history's handler is ${JSON.stringify(handler)}`);
  }
  const [policy, ...others] = await choosePolicies(chosen, await readPolicyOptionsFile(policyOptions));
  if (policy === undefined || others.length > 0)
    throw new VerifyError(`--policy: expected one policy, found ${chosen}`);
  return policy;
}

function notesOf(
  history: History,
  builds: readonly AssignedBuild[],
  compared: ReadonlySet<number>,
  { onlyRecorded }: VerifyFlags,
): string[] {
  const first = history.steps[0]?.step ?? 0;
  const without = history.steps.map((it) => it.step).filter((step) => step !== first && !compared.has(step));
  return [
    `step ${first} is where the builder, its sstate and the server start from: all of its tasks count as built, and it is not compared`,
    ...orderOf(builds),
    ...(without.length > 0 && onlyRecorded !== true
      ? [`steps without a recording count as built: ${without.join(", ")} (--only-recorded: as not built)`]
      : []),
    ...(settingsAt(history.steps, history.steps.length - 1).assumed
      ? [
          "assumed, as the history has no settings: SSTATE_EXCLUDEDEPS_SYSROOT, hard dependencies and outhashes as OE-Core has them",
        ]
      : []),
  ];
}

function orderOf(builds: readonly AssignedBuild[]): string[] {
  const steps = builds.filter((it) => it.by === "order").map((it) => it.step);
  if (steps.length === 0) return [];
  return [`builds are taken for the steps ${steps.join(", ")}, in the order named`];
}
