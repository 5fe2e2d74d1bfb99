import type { ProgressStep } from "@depid/command-line/progress";
import { titleOf, type WalkProgress } from "./walk.ts";

/** How far a walk is and what remains: `state 3 of 12  1f0c25b9d3a1 zlib: upgrade  about 11 min remain` */
export function walkStep({ state, done, states, remaining }: WalkProgress): ProgressStep {
  const title = titleOf(state);
  const short = title.length > 50 ? `${title.slice(0, 47)}...` : title;
  const estimate = remaining === undefined ? "" : `  about ${formatMinutes(remaining)} remain`;
  return { stage: `state ${done + 1} of ${states}  ${state.id.slice(0, 12)} ${short}${estimate}`, done, total: states };
}

function formatMinutes(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
