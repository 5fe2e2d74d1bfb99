import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { MessageChannel } from "node:worker_threads";
import {
  buildersIn,
  dealPolicies,
  joinByPolicy,
  type OutcomeChain,
  orderOfBuilds,
  type Policy,
  type ReplayProgress,
} from "@depid/replay";
import { InOrder } from "../jobs/in-order.ts";
import { type JobPool, openPool } from "../jobs/pool.ts";
import type { ReplayServer } from "../service.ts";
import type { Shutdown } from "../shutdown.ts";
import { JointProgress } from "./joint-progress.ts";
import type { PartJob, PartNews, PartOrder } from "./part-job.ts";
import { createChain, type InputFlags, type PreparedReplay } from "./prepare-replay.ts";
import {
  type BuildFates,
  type HistoryFindings,
  nameOfBuild,
  nameOfTurn,
  type PolicyFindings,
  replayPart,
} from "./replay-part.ts";

/** One replay that is to be done. */
export interface TeamRun {
  /** One of the outcome models around the one asked for; `undefined`: the one asked for. */
  readonly model?: string;
  readonly onProgress: (progress: ReplayProgress) => void;
  /** Takes what became of tasks, in the order of steps and builds. Default: nobody asks. */
  readonly onFates?: (fates: BuildFates) => Promise<void>;
  /** Whether what it takes has records of builds. Default: no. */
  readonly records?: boolean;
}

export type TeamFindings = PolicyFindings & HistoryFindings & { readonly chain: OutcomeChain };

/**
 * Replays a history in several threads: its policies are dealt out to them. The first part, with the clairvoyant, is done in this thread; the others have read
 * the same for themselves, and hear step by step what is needed. The result is that of one thread.
 */
export class ReplayTeam {
  readonly #file: string;
  readonly #flags: InputFlags;
  readonly #prepared: PreparedReplay;
  readonly #server: ReplayServer;
  readonly #shutdown: Shutdown;
  readonly #parts: readonly (readonly Policy[])[];
  readonly #pool: Promise<JobPool<PartJob, PolicyFindings>> | undefined;
  readonly #stop = new AbortController();
  /** Aborted when the program is to end, or any part failed. */
  readonly #signal: AbortSignal;

  /** @param jobs how many threads at most, this one included */
  constructor(
    file: string,
    flags: InputFlags,
    prepared: PreparedReplay,
    server: ReplayServer,
    jobs: number,
    shutdown: Shutdown,
  ) {
    this.#file = file;
    this.#flags = flags;
    this.#prepared = prepared;
    this.#server = server;
    this.#shutdown = shutdown;
    this.#parts = dealPolicies(prepared.policies, jobs);
    this.#signal = AbortSignal.any([shutdown.signal, this.#stop.signal]);
    const others = this.#parts.length - 1;
    this.#pool = others === 0 ? undefined : openPool("part-thread", import.meta.url, others, this.#signal);
  }

  /** @throws what any part fails with first */
  async replay({ model, onProgress, onFates, records = false }: TeamRun): Promise<TeamFindings> {
    const { history, policies, outcomes } = this.#prepared;
    const namespace = `depid-replay:${randomUUID()}`;
    const pool = await this.#pool;
    const [own = [], ...others] = this.#parts;
    const channels = others.map(() => new MessageChannel());
    const progress = new JointProgress(this.#parts.length);
    const built = orderOfBuilds(policies);
    const { topology } = this.#prepared.options;
    const turns = history.steps.flatMap(({ step }) => {
      const builders = topology === undefined ? [""] : buildersIn(topology, step).map((it) => it.name);
      return builders.map((it) => nameOfTurn(step, it));
    });
    const order = turns.flatMap((turn) => built.map(({ name }) => nameOfBuild(turn, name)));
    const fates = onFates && new InOrder<BuildFates>(order, onFates);
    const chain = createChain(outcomes, model);
    const theirs = others.map(async (part, i) => {
      const { port1: port, port2 } = channels[i] as MessageChannel;
      port.on("message", (news: PartNews) => {
        if ("progress" in news) return onProgress(progress.update(i + 1, news.progress));
        const { name } = news.fates;
        fates?.give(name, news.fates).then(
          () => port.postMessage({ taken: name } satisfies PartOrder),
          (problem: unknown) => this.#stop.abort(problem),
        );
      });
      const job: PartJob = {
        file: this.#file,
        flags: this.#flags,
        model,
        policies: part.map((it) => it.name),
        server: this.#server.address,
        namespace,
        tellsFates: fates !== undefined,
        records,
        port: port2,
      };
      // What the thread has told comes before the end of the port, but may come after its result.
      const ended = once(port, "close");
      const found = await (pool as JobPool<PartJob, PolicyFindings>).run(job, [port2]);
      await ended;
      progress.end(i + 1);
      return found;
    });
    const ours = replayPart(this.#prepared, {
      policies: own,
      outcomes: chain,
      service: this.#server.service,
      namespace,
      signal: this.#signal,
      builds: this.#prepared.execution?.builds,
      onNeeded(turn, needed) {
        for (const { port1 } of channels) port1.postMessage({ turn, needed } satisfies PartOrder);
      },
      onProgress: (it) => {
        onProgress(progress.update(0, it));
        return this.#shutdown.takeTurn();
      },
      ...(fates === undefined ? {} : { records, onFates: (it) => fates.give(it.name, it) }),
    }).finally(() => progress.end(0));
    const { steps, decisions } = await this.#all(ours, theirs);
    const all = [await ours, ...(await Promise.all(theirs))];
    const names = policies.map((it) => it.name);
    return {
      chain,
      steps,
      decisions,
      policies: joinByPolicy(
        names,
        all.map((it) => it.policies),
        (it) => it.name,
      ),
      needless: joinByPolicy(
        names,
        all.map((it) => it.needless),
        (it) => it.policy,
      ),
      unsound: joinByPolicy(
        names,
        all.map((it) => it.unsound),
        (it) => it.policy,
      ),
    };
  }

  /** Ends the threads, whatever they do. */
  async close(): Promise<void> {
    this.#stop.abort();
    await (await this.#pool)?.close();
  }

  /** As soon as one fails, none goes on. */
  async #all<T>(ours: Promise<T>, theirs: readonly Promise<unknown>[]): Promise<T> {
    try {
      const [found] = await Promise.all([ours, ...theirs]);
      return found;
    } catch (error) {
      this.#stop.abort(error);
      throw error;
    }
  }
}
