import { randomUUID } from "node:crypto";
import { openClient } from "@depid/hashserv-client";
import { replaySample, type SampleRow } from "@depid/replay";
import { doInThread } from "../jobs/do-in-thread.ts";
import type { PreparedReplay } from "../replay/prepare-replay.ts";
import { Shutdown } from "../shutdown.ts";
import { drawnChains, prepareSweep } from "./plan-sweep.ts";
import type { SampleJob } from "./sample-job.ts";

/** What the thread has read last, by what was asked for. */
let read: { readonly key: string; readonly prepared: Promise<PreparedReplay> } | undefined;

export default doInThread(async ({ file, flags, unit, server }: SampleJob): Promise<SampleRow> => {
  const key = JSON.stringify([file, flags]);
  if (read?.key !== key) read = { key, prepared: prepareSweep(file, flags, new Shutdown()) };
  const prepared = await read.prepared;
  const { history, policies, options } = prepared;
  const service = await openClient(server);
  try {
    return await replaySample(history, unit, {
      ...options,
      policies,
      service,
      namespace: `depid-sweep:${randomUUID()}`,
      spread: flags.spread,
      createChain: drawnChains(prepared, flags),
    });
  } finally {
    await service.close();
  }
});
