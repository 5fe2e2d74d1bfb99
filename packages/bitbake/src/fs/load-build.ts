import { stat } from "node:fs/promises";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { CAPTURE_FORMAT, type Capture, HISTORY_FORMAT, TaskGraph } from "@depid/task-graph";
import { readCapture, readHistory } from "@depid/task-graph/fs";
import { BuildInputError } from "../errors.ts";
import { readFirstLine } from "./first-line.ts";

/**
 * Turns anything that holds the signatures of one build into a capture:
 *
 * - a capture file;
 * - `HISTORY@STEP` or `HISTORY#STEP`: a history file and a step, by number or by the beginning of its commit's id. Taskhashes
 *   are computed as siggen's basichash does, so that depids are the taskhashes.
 *
 * @throws {BuildInputError} when it is none of these, or there is no such step
 * @throws {CaptureError | HistoryError} naming file, line and field
 */
export async function loadBuild(input: string): Promise<Capture> {
  const step = /^(.+)[@#]([0-9a-f]+)$/s.exec(input);
  if (step !== null && !(await exists(input))) return loadStep(step[1] as string, step[2] as string);
  if (!(await exists(input))) throw new BuildInputError(input, "no such file or directory");
  const line = await readFirstLine(input);
  if (line.includes(`"${CAPTURE_FORMAT}"`)) return readCapture(input);
  if (line.includes(`"${HISTORY_FORMAT}"`)) {
    throw new BuildInputError(input, `a history has many builds: name one as ${input}@STEP, by number or commit`);
  }
  throw new BuildInputError(input, "expected a capture, or a history as HISTORY@STEP");
}

async function loadStep(file: string, wanted: string): Promise<Capture> {
  const { header, steps } = await readHistory(file);
  const byNumber = /^\d+$/.test(wanted) ? steps[Number(wanted)] : undefined;
  const found =
    byNumber ?? steps.find(({ id }) => wanted.length >= 7 && (id.startsWith(wanted) || wanted.startsWith(id)));
  if (found === undefined) {
    throw new BuildInputError(
      `${file}@${wanted}`,
      `no such step: expected a number from 0 to ${steps.length - 1}, or the first 7 digits or more of a step's commit`,
    );
  }
  const graph = new TaskGraph([]);
  for (const { change } of steps.slice(0, found.step + 1)) graph.apply(change);
  const signatures = await computeSignatures(graph, createBasicHash());
  return {
    header: {
      origin: { ...header, source: `${file}@${found.step}`, commit: found.id, date: found.date },
      unknown: ["variables: a history has basehashes only"],
      assumed: ["depids: those of the generator basichash, the taskhashes"],
    },
    tasks: graph.tasks.map((task) => {
      const { taskhash, depid, depids } = signatures.get(task.tid);
      return { ...task, taskhash, depid, hashedDepids: depids, variables: undefined };
    }),
  };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
