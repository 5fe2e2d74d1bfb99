import { randomUUID } from "node:crypto";
import type { Progress } from "@depid/command-line/progress";
import {
  askingPolicies,
  describeDurations,
  type Leverage,
  leverageOf,
  type ReplayReport,
  type Sensitivity,
} from "@depid/replay";
import { chainsAround } from "../outcomes.ts";
import { replayStep } from "../replay-step.ts";
import { openServer } from "../service.ts";
import type { Shutdown } from "../shutdown.ts";
import { chooseJobs } from "./choose-jobs.ts";
import { createChain, type InputFlags, type PreparedReplay, prepareReplay } from "./prepare-replay.ts";
import { ReplayTeam, type TeamRun } from "./replay-team.ts";

/** The flags of every command that replays a history as it is. */
export interface MeasureFlags extends InputFlags {
  readonly server: string;
  readonly jobs?: number;
  readonly sensitivity?: true;
}

/** A history that is read, and about to be replayed. */
export interface OpenedReplay {
  readonly prepared: PreparedReplay;
  /** Replays it, and with `--sensitivity` under other outcomes too. @param hearing takes what became of tasks */
  measure(hearing?: Pick<TeamRun, "onFates" | "records">): Promise<ReplayReport>;
  /** Replays it again with outputs of recipes stable, one recipe after the other. @param most recipes at most */
  leverage(most: number): Promise<Leverage>;
  close(): Promise<void>;
}

/** Reads what is replayed, and opens the server. @throws what readers throw, one line each */
export async function openReplay(
  file: string,
  flags: MeasureFlags,
  progress: Progress,
  shutdown: Shutdown,
): Promise<OpenedReplay> {
  const prepared = await prepareReplay(file, flags, shutdown);
  const { history, durations } = prepared;
  const { outcomes, accountFor } = prepared.outcomes;
  const models = flags.sensitivity === true ? chainsAround(outcomes) : [];
  const jobs = prepared.scenario === undefined ? await chooseJobs(flags.jobs, file) : (flags.jobs ?? 1);
  const server = await openServer(flags.server, shutdown);
  const team = new ReplayTeam(file, flags, prepared, server, jobs, shutdown);
  return {
    prepared,
    close: () => team.close(),
    async leverage(most) {
      return leverageOf(history, most, {
        ...prepared.options,
        policies: askingPolicies(prepared.policies),
        createChain: () => createChain(prepared.outcomes, undefined),
        service: server.service,
        namespace: `depid-replay:${randomUUID()}`,
        onProgress: () => shutdown.takeTurn(),
        signal: shutdown.signal,
        onReplay: (done, total) => progress.update({ things: "replays with stable outputs", done, total }),
      });
    },
    async measure(hearing) {
      const { chain, needless, unsound, ...result } = await team.replay({
        onProgress: (it) => progress.update(replayStep("replay", it)),
        ...hearing,
      });
      const sensitivity: Sensitivity[number][] = [];
      for (const { model, definition } of models) {
        const turnsUnsure = model.includes("unsure");
        const other =
          definition === outcomes.name
            ? result
            : await team.replay({
                model,
                onProgress: (it) => progress.update(replayStep(`replay, outcomes ${model}`, it)),
              });
        sensitivity.push({ model, definition, turnsUnsure, result: other });
      }
      const { builder, workers, seed } = flags;
      const { topology, irreproducible } = prepared.options;
      return {
        source: file,
        history,
        setting: {
          builder,
          ...(topology && { topology: { source: flags.topology ?? "", topology } }),
          outcomes: outcomes.name,
          workers,
          seed,
        },
        result,
        account: accountFor(chain, result.decisions),
        needless,
        unsound,
        ...(irreproducible === undefined ? {} : { irreproducible }),
        ...(durations === undefined ? {} : { durations: describeDurations(durations, history) }),
        ...(flags.sensitivity === true ? { sensitivity } : {}),
      };
    },
  };
}
