import { stat } from "node:fs/promises";
import { hashCapture } from "@depid/siggen";
import type { Capture, CapturedTask, HistoryState, Task } from "@depid/task-graph";
import { readStates } from "@depid/task-graph/fs";
import { BuildInputError } from "../errors.ts";

/** A step of a history, as it is named on a command line. */
export interface StepInput {
  readonly file: string;
  /** Its number, or the beginning of its commit's id. */
  readonly step: string;
}

/** Takes `HISTORY@STEP` or `HISTORY#STEP` apart; `undefined` if it names a file or folder itself, or there is no such history. */
export async function findStep(input: string): Promise<StepInput | undefined> {
  const [, file, step] = /^(.+)[@#]([0-9a-f]+)$/s.exec(input) ?? [];
  if (file === undefined || step === undefined || (await isThere(input))) return undefined;
  return (await isFile(file)) ? { file, step } : undefined;
}

/**
 * Turns steps of one history into captures, of which those tasks that are the same share their objects: the history is read once, as far as the
 * last of these steps. Taskhashes are computed as siggen's basichash does, so that depids are the taskhashes.
 *
 * @param steps numbers, or beginnings of commits' ids
 * @throws {BuildInputError} when there is no such step
 * @throws {HistoryError} naming file, line and field
 */
export async function loadSteps(file: string, steps: readonly string[]): Promise<readonly Capture[]> {
  const { header, states, steps: count } = await readStates(file, steps);
  const known = new Map<Task, CapturedTask>();
  return steps.map((step, i): Capture => {
    const state = states[i];
    if (state === undefined) {
      throw new BuildInputError(
        `${file}@${step}`,
        `no such step: expected a number from 0 to ${count - 1}, or the first 7 digits or more of a step's commit`,
      );
    }
    const { settings, assumed } = state.settings;
    return {
      header: {
        origin: { ...header, source: `${file}@${state.step}`, commit: state.id, date: state.date },
        unknown: unknownOf(state),
        assumed: ["depids: those of the generator basichash, the taskhashes"],
        ...(assumed ? {} : { settings }),
      },
      tasks: hashCapture(state.tasks, known),
    };
  });
}

function unknownOf({ tasks }: HistoryState): string[] {
  const without = tasks.filter(({ variables }) => variables === undefined).length;
  if (without === 0) return [];
  const which = without === tasks.length ? "" : ` of ${without} of ${tasks.length} tasks`;
  return [`variables${which}: the history has only the basehashes`];
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (status) => !status.isDirectory(),
    () => false,
  );
}
