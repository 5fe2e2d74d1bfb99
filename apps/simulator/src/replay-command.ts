import { randomUUID } from "node:crypto";
import { type BuilderKind, policyNames, type ReplayResult, replayHistory } from "@depid/replay";
import { formatReplay, type ReplayReport, replayDocument } from "@depid/report";
import { readHistory } from "@depid/task-graph/fs";
import { type Command, Option } from "commander";
import { wholeNumberFrom } from "./flags.ts";
import { chainsAround, chooseOutcomes } from "./outcomes.ts";
import { choosePolicies } from "./policies.ts";
import { createProgress } from "./progress.ts";
import { openService } from "./service.ts";
import type { Shutdown } from "./shutdown.ts";

interface ReplayFlags {
  readonly policy: string;
  readonly server: string;
  readonly builder: BuilderKind;
  readonly workers: number;
  readonly outcomes: string;
  readonly seed: number;
  readonly sensitivity?: true;
  readonly json?: true;
}

/** `depid replay`: history x policies x outcome model x builder, against a real server. */
export function addReplayCommand(program: Command, shutdown: Shutdown): void {
  program
    .command("replay")
    .description("replay a history under several policies and report what each executes, restores and avoids")
    .argument("<history>", "file in the format depid-history/1, gzip or plain")
    .addOption(new Option("--policy <a,b,c>", "policies, or paths of plug-in modules").default(policyNames.join(",")))
    .addOption(new Option("--server <address>", "hash equivalence server; auto starts one").default("auto"))
    .addOption(
      new Option("--builder <kind>", "build directory of each step").choices(["fresh", "persistent"]).default("fresh"),
    )
    .addOption(new Option("--workers <n>", "tasks that run at a time").argParser(wholeNumberFrom(1)).default(4))
    .addOption(new Option("--outcomes <model>", "pessimistic, neutral, or a file of labels").default("pessimistic"))
    .addOption(new Option("--seed <n>", "decides what is random in a build").argParser(wholeNumberFrom(0)).default(0))
    .addOption(new Option("--sensitivity", "replay under other outcome models too, and compare"))
    .addOption(new Option("--json", "one JSON document on stdout"))
    .action((file: string, flags: ReplayFlags) => replay(file, flags, shutdown));
}

async function replay(file: string, flags: ReplayFlags, shutdown: Shutdown): Promise<void> {
  const policies = await choosePolicies(flags.policy);
  const outcomes = await chooseOutcomes(flags.outcomes);
  const history = await readHistory(file);
  const service = await openService(flags.server, shutdown);
  const progress = createProgress();
  const { builder, workers, seed } = flags;
  const run = (title: string, model: Parameters<typeof replayHistory>[1]["outcomes"]): Promise<ReplayResult> =>
    replayHistory(history, {
      policies,
      outcomes: model,
      service,
      namespace: `depid-replay:${randomUUID()}`,
      builder,
      workers,
      seed,
      signal: shutdown.signal,
      onProgress: (it) => progress.update(title, it),
    });
  try {
    const { chain, labelled } = outcomes.create();
    const result = await run("replay", chain);
    const sensitivity = [];
    if (flags.sensitivity === true) {
      for (const { model: name, definition, create } of chainsAround(outcomes)) {
        sensitivity.push({ model: name, definition, result: await run(`replay, outcomes ${name}`, create()) });
      }
    }
    const report: ReplayReport = {
      source: file,
      history,
      setting: { builder, outcomes: outcomes.name, workers, seed },
      result,
      outcomes: chain.shares,
      labels: labelled,
      ...(flags.sensitivity === true ? { sensitivity } : {}),
    };
    progress.end();
    process.stdout.write(
      flags.json === true ? `${JSON.stringify(replayDocument(report), null, 2)}\n` : `${formatReplay(report)}\n`,
    );
  } finally {
    progress.end();
  }
}
