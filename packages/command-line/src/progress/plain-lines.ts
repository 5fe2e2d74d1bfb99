import type { ProgressStep } from "./progress.ts";

/** Things between two lines, where nobody knows how many there are. */
const MANY = 100_000;

/** Which steps are a line of their own where no line moves: each stage once; of things every tenth of all, or every 100,000th. */
export class PlainLines {
  #stage: string | undefined;
  #marks = 0;

  /** @returns the line without its end; `undefined` if this step has none */
  lineOf({ stage, things, done = 0, total }: ProgressStep): string | undefined {
    if (stage !== undefined) {
      if (stage === this.#stage) return undefined;
      this.#stage = stage;
      return stage;
    }
    const marks = Math.floor(total === undefined ? done / MANY : (10 * done) / total);
    if (marks <= this.#marks) return undefined;
    this.#marks = marks;
    return total === undefined ? `${done} ${things}` : `${done} of ${total} ${things}`;
  }
}
