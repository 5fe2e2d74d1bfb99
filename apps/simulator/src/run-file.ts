import { type ReplayReport, replayDocument } from "@depid/replay";
import { type RunDocument, RunRecorder } from "@depid/run-document";
import { checkOutput, writeLines } from "@depid/task-graph/fs";
import type { BuildFates } from "./replay/replay-part.ts";

/** The files that show a replay with all its builds. */
export interface RunFiles {
  /** A page with the run in it. */
  readonly html?: string | undefined;
  /** The run itself, `depid-run/1`. */
  readonly record?: string | undefined;
}

/** Records the builds of a replay, for `--record` and `--html`. */
export interface RunListener {
  add(build: BuildFates): void;
  /** Writes what was asked for. @throws {OutputError} when a file cannot be written */
  write(report: ReplayReport): Promise<void>;
}

/** @throws {OutputError} when a file could not be written; {PageError} when there is no page to put a run into */
export async function openRun({ html, record }: RunFiles): Promise<RunListener> {
  for (const file of [html, record]) if (file !== undefined) await checkOutput(file);
  const page = html === undefined ? undefined : await (await import("@depid/explorer/fs")).readPage();
  const recorder = new RunRecorder();
  return {
    add({ recorded }) {
      if (recorded !== undefined) recorder.add(recorded);
    },
    async write(report) {
      const run = endRun(recorder, report);
      const text = JSON.stringify(run);
      if (record !== undefined) await writeLines(record, [text]);
      if (html !== undefined && page !== undefined) {
        const { formatPage } = await import("@depid/explorer/fs");
        await writeLines(html, [formatPage(page, text)]);
      }
    },
  };
}

/** The document of what was recorded. */
export function endRun(recorder: RunRecorder, report: ReplayReport): RunDocument {
  return recorder.end(report.history, replayDocument(report));
}
