import { canDraw, drawBar } from "../../progress-bar.ts";
import { createSpinner } from "../../spinner.ts";
import { titleOf, type WalkProgress } from "./walk.ts";

/** Tells on stderr how far a walk is and what remains: one moving line on a terminal, a plain line per state elsewhere. */
export interface WalkReporter {
  update(progress: WalkProgress): void;
  /** A line that stays. */
  note(line: string): void;
  end(): void;
}

export async function createWalkReporter(): Promise<WalkReporter> {
  return canDraw() ? drawLine() : createLines();
}

async function drawLine(): Promise<WalkReporter> {
  const spinner = (await createSpinner()).start();
  return {
    update(progress) {
      const { done, states } = progress;
      spinner.text = `${drawBar(done, states)}  ${formatWalk(progress)}`;
      spinner.render();
    },
    note(line) {
      spinner.clear();
      process.stderr.write(`${line}\n`);
      spinner.render();
    },
    end() {
      spinner.stop();
    },
  };
}

function createLines(): WalkReporter {
  const write = (line: string) => process.stderr.write(`${line}\n`);
  return { update: (progress) => write(formatWalk(progress)), note: write, end() {} };
}

/** `state 3 of 12  1f0c25b9d3a1 zlib: upgrade  about 11 min remain` */
function formatWalk({ state, done, states, remaining }: WalkProgress): string {
  const title = titleOf(state);
  const short = title.length > 50 ? `${title.slice(0, 47)}...` : title;
  const estimate = remaining === undefined ? "" : `  about ${formatMinutes(remaining)} remain`;
  return `state ${done + 1} of ${states}  ${state.id.slice(0, 12)} ${short}${estimate}`;
}

function formatMinutes(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
