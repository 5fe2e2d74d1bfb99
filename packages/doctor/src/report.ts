import type { DoctorDocument } from "./documents/index.ts";
import type { Example, Finding } from "./finding.ts";
import { counted } from "./finding.ts";

/** What `depid doctor` tells. */
export interface DoctorReport {
  /** What was looked at, by the names of the document. */
  readonly subject: DoctorDocument["subject"];
  /** Settings of the build that were used. */
  readonly settings: readonly { readonly name: string; readonly value: string | null; readonly from: string }[];
  /** How much there was to look at. */
  readonly counts: Readonly<Record<string, number>>;
  /** What could not be known, and what was assumed instead: sentences. */
  readonly unknown: readonly string[];
  readonly assumed: readonly string[];
  readonly findings: readonly Finding[];
}

/** Whether something is worse than a note. */
export function isSick({ findings }: DoctorReport): boolean {
  return findings.some(({ severity }) => severity !== "note");
}

/** The document of `depid doctor --json` (docs/formats.md). */
export function doctorDocument(report: DoctorReport): DoctorDocument {
  const { subject, settings, counts, unknown, assumed, findings } = report;
  return { format: "depid-doctor/1", subject, settings, counts, unknown, assumed, findings };
}

/** The report for a terminal. */
export function formatDoctor(report: DoctorReport): string {
  const { subject, settings, counts, unknown, assumed, findings } = report;
  const lines = [
    ...Object.entries(subject).map(([name, value]) => `${name}: ${value}`),
    ...settings.map(({ name, value, from }) => `${name} = ${value === null ? "?" : JSON.stringify(value)} (${from})`),
    Object.entries(counts)
      .map(([name, count]) => `${name}: ${count.toLocaleString("en-US")}`)
      .join(", "),
    ...unknown.map((sentence) => `unknown: ${sentence}`),
    ...assumed.map((sentence) => `assumed: ${sentence}`),
    "",
  ];
  for (const finding of findings) lines.push(...formatFinding(finding), "");
  return [...lines.filter((line, at) => line !== "" || lines[at - 1] !== ""), summaryOf(report)].join("\n");
}

function formatFinding({ id, severity, seen, count, examples, why, wayOut }: Finding): readonly string[] {
  const more = count - examples.length;
  return [
    `${severity.toUpperCase()} ${id}: ${seen}`,
    ...examples.map((example) => `    ${formatExample(example)}`),
    ...(examples.length > 0 && more > 0 && examples.length < count ? ["    …; all of them with --all"] : []),
    `  why: ${why}`,
    ...wayOut.map((way, at) => `  ${at === 0 ? "way out:" : "     or:"} ${way}`),
  ];
}

function formatExample(example: Example): string {
  return Object.entries(example)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

function summaryOf({ findings, unknown }: DoctorReport): string {
  const count = (severity: string) => findings.filter((finding) => finding.severity === severity).length;
  if (findings.length === 0)
    return unknown.length === 0 ? "nothing is wrong" : "nothing is wrong in what was looked at";
  return [counted(count("error"), "error"), counted(count("warning"), "warning"), counted(count("note"), "note")].join(
    ", ",
  );
}
