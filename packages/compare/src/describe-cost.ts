import { formatDuration, formatSources, type WorkEstimate } from "@depid/durations";
import type { DiffCost } from "./cost.ts";
import { counted } from "./describe-change.ts";

/** `about 3.1 h serial, 41 min with 4 workers`. */
export function describeWork({ serial, wall }: WorkEstimate, workers: number): string {
  return `about ${formatDuration(serial)} serial, ${formatDuration(wall)} with ${counted(workers, "worker")}`;
}

/** What the hours of a comparison are and where they come from, a sentence each. The names of files are not made harmless yet. */
export function describeCost({ workers, measure, names, added, sources }: DiffCost): string[] {
  return [
    ...(added.serial === 0 ? [] : [`New tasks: ${describeWork(added, workers)}.`]),
    "Time is an estimate, were all of these tasks executed and nothing restored, with no loss between tasks.",
    `Seconds ${measure === "cpu" ? "of the processors" : "by the clock"} from ${names.join(", ")}: ${formatSources(sources)}.`,
  ];
}
