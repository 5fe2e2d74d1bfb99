import { counted } from "./describe-change.ts";
import type { MismatchDocument } from "./documents/index.ts";
import { ownDocument, ownLines } from "./own-lines.ts";
import type { TaskChange } from "./task-change.ts";
import { printable } from "./text-diff.ts";

/** A task of which a console log says that its hash came out otherwise, with both signature files and what differs. */
export interface MismatchReport {
  readonly tid: string;
  /** Of the log, counted from 1. */
  readonly line: number;
  readonly claims: readonly {
    readonly hash: "taskhash" | "basehash";
    readonly server: string;
    readonly worker: string;
  }[];
  /** `undefined`: no file of the build holds what has the hash. */
  readonly serverFile: string | undefined;
  readonly workerFile: string | undefined;
  /** From the server's to the worker's; `undefined` where a file is not there, or both hold the same. */
  readonly change: TaskChange | undefined;
}

export const MISMATCH_FORMAT = "depid-mismatch/1";

const LINES = 12;

/** What a console log says of hashes that came out otherwise, as text: the cause of each first. */
export function formatMismatches(
  log: string,
  reports: readonly MismatchReport[],
  unread: readonly number[] = [],
): string {
  if (reports.length === 0 && unread.length > 0) return `${printable(log)}: ${describeUnread(unread)}`;
  if (reports.length === 0) return `${printable(log)}: no taskhash mismatch, and no basehash that changed`;
  return [
    `${printable(log)}: ${counted(reports.length, "task")} whose hash came out otherwise when the recipe was parsed again`,
    ...reports.map(formatOne),
    ...(unread.length === 0 ? [] : [describeUnread(unread)]),
  ].join("\n\n");
}

function describeUnread(lines: readonly number[]): string {
  const which = lines.length === 1 ? `line ${lines[0]} speaks` : `lines ${lines.join(", ")} speak`;
  const not = lines.length === 1 ? "does not" : "do not";
  return `unknown: ${which} of a hash that came out otherwise, and ${not} say of which task, or which hashes: cut off?`;
}

function formatOne({ tid, line, claims, serverFile, workerFile, change }: MismatchReport): string {
  const both = serverFile !== undefined && workerFile !== undefined;
  return [
    printable(tid),
    ...(!both
      ? ["cause: unknown, as a file to compare is not there"]
      : change === undefined
        ? ["cause: unknown: both files hold the same"]
        : ["cause, from the server's metadata to the worker's:", ...ownLines(change, LINES)]),
    ...claims.map(({ hash, server, worker }) => `  ${hash}  server ${server}, worker ${worker}`),
    `  server's file: ${fileOf(serverFile)}`,
    `  worker's file: ${fileOf(workerFile)}`,
    ...(both
      ? []
      : [
          claims.some(({ server }) => server.length === 32)
            ? "  hashes of 32 digits are of a release before 3.0 (zeus), whose signature files are not read: bitbake-diffsigs of that release compares them"
            : serverFile === undefined
              ? "  bitbake -S none RECIPE writes what the server parses; then ask again"
              : "  the worker writes its file when the task runs",
        ]),
    `  told by line ${line} of the log`,
  ].join("\n");
}

function fileOf(file: string | undefined): string {
  return file === undefined ? "no signature file has the hash" : printable(file);
}

/** The same as plain data (docs/formats.md). */
export function mismatchDocument(
  log: string,
  build: string,
  reports: readonly MismatchReport[],
  unread: readonly number[] = [],
): MismatchDocument {
  return {
    format: MISMATCH_FORMAT,
    log,
    build,
    unread,
    tasks: reports.map(({ serverFile, workerFile, change, ...it }) => ({
      ...it,
      serverFile: serverFile ?? null,
      workerFile: workerFile ?? null,
      changes: ownDocument(change),
    })),
  };
}
