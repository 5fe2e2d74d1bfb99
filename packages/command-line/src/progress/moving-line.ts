import type { ProgressStep } from "./progress.ts";

const CELLS = 24;

/** What a line that moves says: a bar, if it is known how many there are, then the stage or the number of things. */
export function formatMoving({ stage, things, done, total, detail }: ProgressStep): string {
  const bar = done === undefined || total === undefined ? [] : [drawBar(done, total)];
  const isBareCount = stage !== undefined && done !== undefined && total === undefined;
  const text = stage ?? (total === undefined ? `${done} ${things}` : `${done} of ${total} ${things}`);
  const parts = [...bar, text, ...(isBareCount ? [done.toLocaleString("en-US")] : [])];
  return [...parts, ...(detail === undefined ? [] : [detail])].join("  ");
}

/** A bar of a fixed width, filled by the share that is done. */
function drawBar(done: number, total: number): string {
  const filled = Math.round((CELLS * done) / total);
  return "█".repeat(filled) + "░".repeat(CELLS - filled);
}
