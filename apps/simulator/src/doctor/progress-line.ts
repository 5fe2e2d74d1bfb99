import { setImmediate } from "node:timers/promises";
import type { Ora } from "ora";
import { canDraw } from "../progress-bar.ts";
import { createSpinner } from "../spinner.ts";

/** Milliseconds between two looks at signals and the terminal. */
const INTERVAL_MS = 100;

/** Tells on stderr how far each part of an examination is: one moving line on a terminal, a plain line for each part elsewhere. */
export class ProgressLine {
  #spinner: Ora | undefined;
  readonly #signal: AbortSignal;
  #part = "";
  #last = 0;

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /**
   * So many of this part are done. Gives timers and signals their turn now and then.
   *
   * @throws the signal's reason
   */
  async update(part: string, done: number): Promise<void> {
    if (part !== this.#part) {
      this.#part = part;
      if (this.#spinner === undefined && canDraw()) this.#spinner = await createSpinner();
      if (this.#spinner === undefined) process.stderr.write(`${part}\n`);
      else if (!this.#spinner.isSpinning) this.#spinner.start();
    } else if (performance.now() - this.#last < INTERVAL_MS) return;
    this.#last = performance.now();
    if (this.#spinner !== undefined) {
      this.#spinner.text = `${part}  ${done.toLocaleString("en-US")}`;
      this.#spinner.render();
    }
    await setImmediate();
    this.#signal.throwIfAborted();
  }

  end(): void {
    this.#spinner?.stop();
  }
}
