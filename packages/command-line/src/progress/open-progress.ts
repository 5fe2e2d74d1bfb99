import { formatMoving } from "./moving-line.ts";
import { PlainLines } from "./plain-lines.ts";
import { noProgress, type Progress } from "./progress.ts";

/** Milliseconds between two pictures of the same stage. */
const INTERVAL_MS = 100;

/**
 * Tells on stderr: one line that moves on a terminal, from the first step on.
 *
 * @param elsewhere what there is where nobody watches: plain lines, or nothing
 */
export async function openProgress(elsewhere: "lines" | "nothing" = "lines"): Promise<Progress> {
  if (canDraw()) return drawLine();
  return elsewhere === "lines" ? printLines() : noProgress;
}

/** Whether stderr is a terminal that says how wide it is: a moving line on one without a width would never end. */
function canDraw(): boolean {
  return process.stderr.isTTY && process.stderr.columns > 0;
}

async function drawLine(): Promise<Progress> {
  // Only who watches waits for it to be loaded.
  const { default: ora } = await import("ora");
  const spinner = ora({ stream: process.stderr, discardStdin: false });
  let stage: string | undefined;
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    update(step) {
      const now = performance.now();
      if (step.stage === stage && now - drawn < INTERVAL_MS) return;
      stage = step.stage;
      drawn = now;
      spinner.text = formatMoving(step);
      if (!spinner.isSpinning) spinner.start();
      // By ourselves: work without a pause leaves the timer of the spinner no turn.
      spinner.render();
    },
    note(line) {
      spinner.clear();
      process.stderr.write(`${line}\n`);
      if (spinner.isSpinning) spinner.render();
    },
    end: () => void spinner.stop(),
  };
}

function printLines(): Progress {
  const lines = new PlainLines();
  const write = (line: string) => process.stderr.write(`${line}\n`);
  return {
    update(step) {
      const line = lines.lineOf(step);
      if (line !== undefined) write(line);
    },
    note: write,
    end() {},
  };
}
