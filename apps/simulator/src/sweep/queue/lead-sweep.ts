import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "@depid/command-line/progress";
import { inOrderOf, type SampleRow, type SweepPlan, type SweepRun, unitsOf } from "@depid/replay";
import { unpackError } from "../../jobs/job-error.ts";
import type { PlanFlags } from "../plan-sweep.ts";
import { QueueError } from "./errors.ts";
import { checkDigest, type InputStore } from "./input-store.ts";
import type { QueuedJob } from "./queued-job.ts";
import type { SweepQueue } from "./sweep-queue.ts";

/** Of how many jobs a sweep is at most, if nobody says how many samples are in one: enough for some fifty threads to end at about the same time. */
const JOBS = 500;
/** Milliseconds between two looks at what is done. */
const LOOK_MS = 300;
/** How many looks later samples are put into the queue that are not there any more. */
const LOOKS = 100;

/** What is put into the queue. */
export interface LedSweep {
  readonly plan: SweepPlan;
  readonly flags: PlanFlags;
  readonly server: string;
  /** Samples in a job. Default: so many that there are at most 500 jobs. */
  readonly batch?: number;
}

/** Puts a sweep into the queue and waits until workers have measured all of it. Begun again, it goes on where it was. */
export async function leadSweep(
  { plan, flags, server, batch }: LedSweep,
  queue: SweepQueue,
  store: InputStore,
  progress: Progress,
  signal: AbortSignal,
): Promise<SweepRun> {
  const { source, sha256 } = plan.history;
  const inputs = [{ name: source, sha256 }, ...plan.inputs.map(requireFile)];
  for (const input of inputs) {
    if (!(await store.has(input.sha256)))
      await store.put(input.sha256, checkDigest(await readFile(input.name), input.sha256));
  }
  const sweep = createHash("sha256")
    .update(JSON.stringify([plan, server]))
    .digest("hex");
  const units = unitsOf(plan.setting, { place: 1, of: 1 }).map((unit, place) => ({ place, unit }));
  const job: QueuedJob = { sweep, units, file: source, flags, server, inputs };
  const send = () => queue.send(job, batch ?? Math.ceil(units.length / JOBS));
  await queue.forgetProblems(sweep);
  await send();
  progress.note(`sweep: ${units.length} replays are in the queue, or measured: workers do the rest`);
  const rows = new Map<number, SampleRow>();
  for (let look = 1; ; look++) {
    for (const [place, result] of await queue.results(sweep, new Set(rows.keys()))) {
      if ("problem" in result) {
        await queue.forget(sweep);
        throw unpackError(result.problem);
      }
      rows.set(place, result.row);
    }
    progress.update({ things: "replays", done: rows.size, total: units.length });
    if (rows.size === units.length) break;
    const givenUp = await queue.countGivenUp(sweep);
    if (givenUp > 0)
      throw new QueueError(
        `${givenUp} samples were lost with their workers, again and again: have they memory enough?`,
      );
    await queue.takeBackLost();
    // Who asked for the same meanwhile may have its results, and have had them forgotten.
    if (look % LOOKS === 0) await send();
    await sleep(LOOK_MS, undefined, { signal });
  }
  await queue.forget(sweep);
  return { ...plan, shard: { place: 1, of: 1 }, samples: inOrderOf(plan.setting, [...rows.values()]) };
}

function requireFile({ flag, name, sha256 }: SweepPlan["inputs"][number]) {
  if (sha256 !== null) return { name, sha256 };
  throw new QueueError(
    `${flag}: ${name}: expected a file: workers on other machines fetch it by the digest of its bytes`,
  );
}
