/** Whether stderr is a terminal that says how wide it is: a moving line on one without a width would never end. */
export function canDraw(): boolean {
  return process.stderr.isTTY && process.stderr.columns > 0;
}

const CELLS = 24;

/** A bar of a fixed width, filled by the share that is done. */
export function drawBar(done: number, all: number): string {
  const filled = Math.round((CELLS * done) / all);
  return "█".repeat(filled) + "░".repeat(CELLS - filled);
}
