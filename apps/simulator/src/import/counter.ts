import { canDraw, drawBar } from "../progress-bar.ts";
import { createSpinner } from "../spinner.ts";

/** Tells on stderr how many of many things are done: one moving line on a terminal, a plain line per tenth elsewhere. */
export interface Counter {
  update(done: number, all: number): void;
  end(): void;
}

/** @param things what is counted, in the plural */
export async function createCounter(things: string): Promise<Counter> {
  return canDraw() ? drawLine(things) : createLines(things);
}

async function drawLine(things: string): Promise<Counter> {
  const spinner = (await createSpinner()).start();
  return {
    update(done, all) {
      spinner.text = `${drawBar(done, all)}  ${done} of ${all} ${things}`;
    },
    end() {
      spinner.stop();
    },
  };
}

function createLines(things: string): Counter {
  let tenths = 0;
  return {
    update(done, all) {
      const now = Math.floor((10 * done) / all);
      if (now > tenths) process.stderr.write(`${done} of ${all} ${things}\n`);
      tenths = now;
    },
    end() {},
  };
}
