import { setImmediate } from "node:timers/promises";
import type { ReplayProgress } from "@depid/replay";
import { createSpinner } from "./spinner.ts";

/** Tells on stderr how far a long run is: one moving line on a terminal, a plain line per step elsewhere. */
export interface Progress {
  /** Gives timers and signals their turn before it resolves: a simulated build leaves them none. */
  update(title: string, progress: ReplayProgress): Promise<void>;
  end(): void;
}

export async function createProgress(): Promise<Progress> {
  return canDraw() ? drawLine() : createLines();
}

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

async function drawLine(): Promise<Progress> {
  const spinner = (await createSpinner()).start();
  return {
    async update(title, { step, steps, policy, done, builds }) {
      spinner.text = `${title}  ${drawBar(done, builds)}  step ${step + 1}/${steps}  ${policy}`;
      spinner.render();
      await setImmediate();
    },
    end() {
      spinner.stop();
    },
  };
}

function createLines(): Progress {
  let last = "";
  return {
    async update(title, { step, steps }) {
      const line = `${title}: step ${step + 1} of ${steps}`;
      if (line !== last) process.stderr.write(`${line}\n`);
      last = line;
      await setImmediate();
    },
    end() {},
  };
}
