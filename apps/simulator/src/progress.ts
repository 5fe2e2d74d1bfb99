import { setImmediate } from "node:timers/promises";
import type { ReplayProgress } from "@depid/replay";
import { canDraw, drawBar } from "./progress-bar.ts";
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
