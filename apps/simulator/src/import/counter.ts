import type { Ora } from "ora";
import { canDraw, drawBar } from "../progress-bar.ts";

/** Tells on stderr how many of many things are done: one moving line on a terminal, a plain line per tenth elsewhere. */
export interface Counter {
  update(done: number, all: number): void;
  end(): void;
}

/** @param things what is counted, in the plural */
export function createCounter(things: string): Counter {
  return canDraw() ? createSpinner(things) : createLines(things);
}

/** Loads what draws only where something is drawn. */
function createSpinner(things: string): Counter {
  let spinner: Ora | undefined;
  let text = "";
  let ended = false;
  void import("ora").then(({ default: ora }) => {
    if (!ended) spinner = ora({ text, discardStdin: false }).start();
  });
  return {
    update(done, all) {
      text = `${drawBar(done, all)}  ${done} of ${all} ${things}`;
      if (spinner !== undefined) spinner.text = text;
    },
    end() {
      ended = true;
      spinner?.stop();
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
