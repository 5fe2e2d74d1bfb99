import type { MessagePort } from "node:worker_threads";
import { doInThread } from "../jobs/do-in-thread.ts";
import { openService } from "../service.ts";
import { Shutdown } from "../shutdown.ts";
import type { PartJob, PartNews, PartOrder } from "./part-job.ts";
import { createChain, prepareReplay } from "./prepare-replay.ts";
import { nameOfTurn, type PolicyFindings, replayPart } from "./replay-part.ts";

/** What the thread has read; all of its jobs are of one command line. */
let opened: ReturnType<typeof open> | undefined;

async function open({ file, flags, server }: PartJob) {
  const shutdown = new Shutdown();
  return { prepared: await prepareReplay(file, flags, shutdown), service: await openService(server, shutdown) };
}

export default doInThread(async (job: PartJob): Promise<PolicyFindings> => {
  opened ??= open(job);
  const { prepared, service } = await opened;
  const others = listen(job.port);
  try {
    const { policies, needless, unsound } = await replayPart(prepared, {
      policies: prepared.policies.filter((it) => job.policies.includes(it.name)),
      outcomes: createChain(prepared.outcomes, job.model),
      service,
      namespace: job.namespace,
      neededIn: ({ step }, builder) => others.wait(`needed ${nameOfTurn(step, builder)}`),
      onProgress: (progress) => others.tell({ progress }),
      ...(job.tellsFates
        ? {
            records: job.records,
            async onFates(fates) {
              others.tell({ fates });
              await others.wait(fates.name);
            },
          }
        : {}),
    });
    return { policies, needless, unsound };
  } finally {
    job.port.close();
  }
});

/** The other side of a port: what it has told, and who waits for it. */
function listen(port: MessagePort) {
  const told = new Map<string, Uint8Array>();
  const waiting = new Map<string, (value: Uint8Array) => void>();
  port.on("message", (order: PartOrder) => {
    const [name, value] =
      "taken" in order ? [order.taken, new Uint8Array()] : ([`needed ${order.turn}`, order.needed] as const);
    const waits = waiting.get(name);
    waiting.delete(name);
    if (waits === undefined) told.set(name, value);
    else waits(value);
  });
  return {
    tell: (news: PartNews) => port.postMessage(news),
    /** Resolves when it is told; once for all policies of a part. */
    async wait(name: string): Promise<Uint8Array> {
      const value = told.get(name) ?? (await new Promise<Uint8Array>((resolve) => waiting.set(name, resolve)));
      told.delete(name);
      return value;
    },
  };
}
