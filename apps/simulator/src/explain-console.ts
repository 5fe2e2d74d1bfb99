import { findMismatchFiles, readConsoleMismatches } from "@depid/bitbake/fs";
import { formatMismatches, type MismatchReport, mismatchDocument } from "@depid/compare";
import { changeBetween } from "./change-between.ts";

/** Explains the tasks that a console log says changed between the server and a worker. Exit status 1 if there is any. */
export async function explainConsole(log: string, build: string, json: boolean): Promise<void> {
  const { mismatches, unread } = await readConsoleMismatches(log);
  const files = mismatches.length === 0 ? new Map() : await findMismatchFiles(mismatches, [build]);
  const reports: MismatchReport[] = [];
  for (const mismatch of mismatches) {
    const { server, worker } = files.get(mismatch) ?? {};
    const change = server === undefined || worker === undefined ? undefined : await changeBetween(server, worker);
    reports.push({ ...mismatch, serverFile: server, workerFile: worker, change });
  }
  const text = json
    ? JSON.stringify(mismatchDocument(log, build, reports, unread), null, 2)
    : formatMismatches(log, reports, unread);
  process.stdout.write(`${text}\n`);
  if (reports.length + unread.length > 0) process.exitCode = 1;
}
