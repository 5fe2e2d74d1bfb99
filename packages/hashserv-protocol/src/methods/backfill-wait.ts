import { ProtocolError } from "../errors.ts";
import { asRow, show } from "./answers.ts";
import type { Method } from "./method.ts";

/** Takes no arguments. */
export type BackfillWaitRequest = Record<never, never>;

export interface BackfillWaitAnswer {
  /** How many rows were still to be copied when it was asked. */
  readonly tasks: number;
}

/** Waits until all that was found upstream is stored here. */
export const backfillWait: Method<"backfill-wait", BackfillWaitRequest, BackfillWaitAnswer> = {
  name: "backfill-wait",
  parseArguments: () => ({}),
  formatArguments: () => null,
  formatAnswer: ({ tasks }) => ({ tasks }),
  parseAnswer(value) {
    const { tasks } = asRow(value);
    if (typeof tasks !== "number") throw new ProtocolError(`answer: expected a number of tasks, found ${show(value)}`);
    return { tasks };
  },
};
