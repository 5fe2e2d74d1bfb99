import type { RetentionCost } from "@depid/replay";
import { doInThread } from "../jobs/do-in-thread.ts";
import { prepareReplay } from "../replay/prepare-replay.ts";
import { openService } from "../service.ts";
import { Shutdown } from "../shutdown.ts";
import { replayPrepared } from "./replay-prepared.ts";
import type { RetentionJob } from "./retention-job.ts";

/** What the thread has read; all of its jobs are of one command line. */
let opened: ReturnType<typeof open> | undefined;

async function open({ file, flags, server }: RetentionJob) {
  const shutdown = new Shutdown();
  return { prepared: await prepareReplay(file, flags, shutdown), service: await openService(server, shutdown) };
}

export default doInThread(async (job: RetentionJob): Promise<readonly RetentionCost[]> => {
  opened ??= open(job);
  const { prepared, service } = await opened;
  return replayPrepared(prepared, job.variants, { service });
});
