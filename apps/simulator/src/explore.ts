import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import type { Progress } from "@depid/command-line/progress";
import { formatPage, readPage } from "@depid/explorer/fs";
import { RUN_FORMAT, RunRecorder } from "@depid/run-document";
import { parseRun } from "@depid/run-document/read";
import { HistoryError } from "@depid/task-graph";
import { readLines } from "@depid/task-graph/fs";
import { servePage } from "./explore/serve-page.ts";
import { type MeasureFlags, openReplay } from "./replay/measure-replay.ts";
import type { BuildFates } from "./replay/replay-part.ts";
import { endRun } from "./run-file.ts";
import { settleScenario } from "./scenario.ts";
import type { Shutdown } from "./shutdown.ts";

export interface ExploreFlags extends MeasureFlags {
  readonly port: number;
}

/** Serves the page of a run, or of a replay that is done first, until it is ended. */
export async function explore(
  file: string,
  flags: ExploreFlags,
  isGiven: (flag: string) => boolean,
  progress: Progress,
  shutdown: Shutdown,
): Promise<void> {
  const run = (await readRun(file)) ?? (await replayRun(file, flags, isGiven, progress, shutdown));
  const page = await readPage();
  progress.end();
  const server = await servePage(formatPage(page, run), page, flags.port, randomBytes(16).toString("hex"));
  shutdown.defer(() => server.close());
  process.stdout.write(`${server.url}\n`);
  process.stderr.write("explore: serves this page to this machine alone, until it is ended (Ctrl-C)\n");
  if (!shutdown.signal.aborted) await once(shutdown.signal, "abort");
}

/** What a run begins with, as it is written. */
const RUN_BEGINS = `{"format":"${RUN_FORMAT}"`;

/** The text of a run. @returns `undefined` if the file is none @throws {RunError} if it is one that is not right */
async function readRun(file: string): Promise<string | undefined> {
  // A scenario has a name, and a history may come through a pipe, which is read once only.
  const isFile = await stat(file).then(
    (it) => it.isFile(),
    () => false,
  );
  if (!isFile) return undefined;
  for await (const line of readLines(file, HistoryError)) {
    if (!line.startsWith(RUN_BEGINS)) return undefined;
    parseRun(line, file);
    return line;
  }
  return undefined;
}

async function replayRun(
  file: string,
  given: ExploreFlags,
  isGiven: (flag: string) => boolean,
  progress: Progress,
  shutdown: Shutdown,
): Promise<string> {
  const { flags } = await settleScenario(file, given, isGiven);
  const opened = await openReplay(file, flags, progress, shutdown);
  const recorder = new RunRecorder();
  try {
    await readPage(); // before what takes minutes
    const onFates = async ({ recorded }: BuildFates) => {
      if (recorded !== undefined) recorder.add(recorded);
    };
    return JSON.stringify(endRun(recorder, await opened.measure({ onFates, records: true })));
  } finally {
    await opened.close();
  }
}
