import { parseArgs, styleText } from "node:util";
import { checkRecording, type Outcome, type Subjects } from "./check-recording.ts";
import type { ConformanceDocument } from "./documents/index.ts";
import { RecordingError } from "./errors.ts";
import { findRecordings, type Recording } from "./recordings.ts";

/** Where the command writes. */
export interface Output {
  /** The result: whole lines. */
  readonly out: (line: string) => void;
  /** What is wrong with arguments and files: whole lines. */
  readonly error: (line: string) => void;
  /** Shows what is being checked, until the next line is written; absent when nobody watches. */
  readonly progress?: (path: string) => void;
  readonly colours: boolean;
}

/** 0: nothing differs. 1: something does. 2: wrong usage or bad input. */
export type ExitCode = 0 | 1 | 2;

export interface CheckedRecording extends Recording {
  readonly outcome: Outcome;
}

export const REPORT_FORMAT = "depid-conformance/1";

const USAGE = "usage: npm run conformance -- [--json] [--server-cmd CMD] FILE|FOLDER...";
const COLOURS = { agrees: "green", differs: "red", awaits: "yellow" } as const;

/** The command `npm run conformance`. */
export async function runCommand(args: readonly string[], output: Output): Promise<ExitCode> {
  const usage = parseUsage(args);
  if ("help" in usage) {
    output.out(USAGE);
    return 0;
  }
  if ("problem" in usage) {
    output.error(`${usage.problem}; ${USAGE}`);
    return 2;
  }
  try {
    const recordings = await findRecordings(usage.paths);
    return await checkAll(recordings, usage, output);
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error;
    output.error(error.message);
    return 2;
  }
}

type Usage = { readonly help: true } | { readonly problem: string } | Arguments;

interface Arguments extends Subjects {
  readonly paths: readonly string[];
  readonly json: boolean;
}

function parseUsage(args: readonly string[]): Usage {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        json: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        "server-cmd": { type: "string" },
      },
    });
    if (values.help) return { help: true };
    return positionals.length > 0
      ? { paths: positionals, json: values.json, serverCommand: values["server-cmd"] }
      : { problem: "expected a file or folder of recordings, found none" };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("ERR_PARSE_ARGS_") !== true) throw error;
    return { problem: message.split(". ")[0] ?? "" };
  }
}

async function checkAll(recordings: readonly Recording[], usage: Arguments, output: Output): Promise<ExitCode> {
  const { json, ...subjects } = usage;
  const checked: CheckedRecording[] = [];
  for (const recording of recordings) {
    output.progress?.(recording.path);
    const outcome = await checkRecording(recording, subjects);
    checked.push({ ...recording, outcome });
    if (outcome.verdict === "broken") output.error(outcome.problem);
    else if (!json) output.out(formatLine(recording.path, outcome, output.colours));
  }
  const counts = countVerdicts(checked);
  output.out(
    json ? formatJson(checked) : `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`,
  );
  if (checked.some(({ outcome }) => outcome.verdict === "broken")) return 2;
  return counts.failed > 0 ? 1 : 0;
}

function formatLine(path: string, outcome: Exclude<Outcome, { verdict: "broken" }>, colours: boolean): string {
  const { verdict } = outcome;
  const word = colours ? styleText(COLOURS[verdict], verdict) : verdict;
  const gap = " ".repeat("differs ".length - verdict.length);
  const more = "difference" in outcome ? outcome.difference : "missing" in outcome ? outcome.missing : outcome.but;
  return `${word}${gap}${path}${more === undefined ? "" : `: ${more}`}`;
}

/** The report as one JSON document: stable, in the order of checking. */
export function formatJson(checked: readonly CheckedRecording[]): string {
  const recordings = checked.map(({ path, kind, outcome }) => ({ path, kind, ...outcome }));
  const document: ConformanceDocument = { format: REPORT_FORMAT, ...countVerdicts(checked), recordings };
  return JSON.stringify(document, undefined, 2);
}

function countVerdicts(checked: readonly CheckedRecording[]): { passed: number; failed: number; skipped: number } {
  const count = (...verdicts: readonly Outcome["verdict"][]) =>
    checked.filter(({ outcome }) => verdicts.includes(outcome.verdict)).length;
  return { passed: count("agrees"), failed: count("differs", "broken"), skipped: count("awaits") };
}
