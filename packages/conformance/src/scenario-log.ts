import type { BuildEvent } from "@depid/runqueue";
import { formatRecordedTid, type ScenarioResult } from "./scenario.ts";

/** Kinds of recorded log entries that say what follows from other entries, or what only the test layer did. */
const UNCHECKED: ReadonlySet<string> = new Set(["recheck", "restored", "missing-input"]);

/** The decisions of a recording in order, as lines to compare. */
export function recordedLines({ log }: ScenarioResult): readonly string[] {
  return log
    .filter(([kind]) => !UNCHECKED.has(kind))
    .map(([kind, ...rest]) => {
      // The third field of a report is the output hash, which is an input.
      const fields = kind === "report" ? rest.filter((_, i) => i !== 2) : rest;
      return `${kind} ${fields.map(canonical).join(" ")}`;
    });
}

/** The same of a simulated build. */
export function simulatedLines(events: readonly BuildEvent[]): readonly string[] {
  const notNeeded = new Set<string>();
  return events.flatMap((event) => lineOf(event, notNeeded));
}

function lineOf(event: BuildEvent, notNeeded: Set<string>): readonly string[] {
  switch (event.type) {
    case "checked": {
      const asked = Object.fromEntries(event.asked.map(({ tid, depid }) => [formatRecordedTid(tid), depid]));
      return [`hashcheck ${canonical(asked)} ${canonical(event.found.map(formatRecordedTid))} ${event.current}`];
    }
    case "setscene-covered": {
      const name = formatRecordedTid(event.tid);
      if (event.why === "not-needed") notNeeded.add(name);
      return event.why === "restored" ? [`setscene_done ${name}`] : [`setscene_skip ${name} ${event.why}`];
    }
    case "setscene-notcovered": {
      const name = formatRecordedTid(event.tid);
      if (event.why === "restore-failed") return [`setscene_failed ${name}`];
      return [`setscene_notcovered ${name} ${event.why}`];
    }
    case "stale-removed":
      return [`stale ${canonical(event.stamps)}`];
    case "depvalid": {
      const users = canonical(event.users.map(formatRecordedTid));
      return [`depvalid ${formatRecordedTid(event.tid)} ${users} ${canonical([...notNeeded])} ${!event.needed}`];
    }
    case "started": {
      const kind = event.variant === "setscene" ? "setscene_start" : "start";
      const hashes = event.noexec ? "noexec" : `${event.taskhash} ${event.depid}`;
      return [`${kind} ${formatRecordedTid(event.tid)} ${hashes}`];
    }
    case "finished":
      return event.variant === "setscene" ? [] : [`done ${formatRecordedTid(event.tid)}`];
    case "failed":
      return [`failed ${formatRecordedTid(event.tid)}`];
    case "skipped":
      return [`skip ${formatRecordedTid(event.tid)} ${event.why}`];
    case "reported":
      return [`report ${formatRecordedTid(event.tid)} ${event.taskhash} ${event.sent} ${event.answer}`];
    case "stored":
      return [`object ${formatRecordedTid(event.tid)} ${event.depid} ${event.how}`];
    default:
      return [];
  }
}

/** Lists are sets here and sorted; records are sorted by key. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${[...value].map(String).sort().join(" ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).map(([key, of]) => `${key}=${String(of)}`);
  return `{${entries.sort().join(" ")}}`;
}
