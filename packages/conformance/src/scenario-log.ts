import type { BuildEvent } from "@depid/runqueue";
import { formatRecordedTid, type ScenarioResult } from "./scenario.ts";

/** Kinds of recorded log entries that say what follows from other entries, or what only the test layer did. */
const UNCHECKED: ReadonlySet<string> = new Set(["recheck", "restored", "missing-input"]);

/** The decisions of a recording in order, as lines to compare. */
export function recordedLines({ log }: ScenarioResult): readonly string[] {
  const lines = log
    .filter(([kind, stamps]) => !UNCHECKED.has(kind) && !(kind === "stale" && isEmpty(stamps)))
    .map(([kind, ...rest]) => {
      // The third field of a report is the output hash, which is an input.
      const fields = kind === "report" ? rest.filter((_, i) => i !== 2) : rest;
      return `${kind} ${fields.map(canonical).join(" ")}`;
    });
  return sortUnordered(lines);
}

/** The same of a simulated build. */
export function simulatedLines(events: readonly BuildEvent[]): readonly string[] {
  const seen: Seen = { notNeeded: new Set(), changed: new Map() };
  return sortUnordered(events.flatMap((event) => lineOf(event, seen)));
}

/**
 * What comes in the order of a set, which is arbitrary: what a rehash declares to the server, and the events of stale stamps, one per
 * configuration.
 */
const UNORDERED = ["report_equiv ", "stale "];

/** Sorts what follows one another in arbitrary order. */
function sortUnordered(lines: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  let run: string[] = [];
  let kind: string | undefined;
  for (const line of [...lines, ""]) {
    const next = UNORDERED.find((start) => line.startsWith(start));
    if (next !== kind) {
      sorted.push(...run.sort());
      run = [];
    }
    kind = next;
    if (next === undefined) sorted.push(line);
    else run.push(line);
  }
  return sorted.slice(0, -1);
}

function isEmpty(list: unknown): boolean {
  return Array.isArray(list) && list.length === 0;
}

/** What a line says of events before. */
interface Seen {
  readonly notNeeded: Set<string>;
  /** Of the rehash under way, by name: taskhash and depid before and now. */
  readonly changed: Map<string, readonly [string, string, string, string]>;
}

function lineOf(event: BuildEvent, { notNeeded, changed }: Seen): readonly string[] {
  switch (event.type) {
    case "checked": {
      const asked = Object.fromEntries(event.asked.map(({ tid, depid }) => [formatRecordedTid(tid), depid]));
      return [`hashcheck ${canonical(asked)} ${canonical(event.found.map(formatRecordedTid))} ${event.current}`];
    }
    case "updated": {
      changed.set(formatRecordedTid(event.tid), [event.taskhash, event.from, event.taskhash, event.to]);
      return [];
    }
    case "rehashed": {
      const { before, after } = event;
      const name = formatRecordedTid(event.tid);
      const [taskhash, depid] = changed.get(name) ?? [before.taskhash, before.depid];
      changed.set(name, [taskhash, depid, after.taskhash, after.depid]);
      return [];
    }
    case "remapped": {
      const { wanted, current, answer } = event;
      return [
        `report_equiv ${formatRecordedTid(event.tid)} ${event.taskhash} ${wanted} ${current} ${answer === wanted}`,
      ];
    }
    case "migrated":
      notNeeded.delete(formatRecordedTid(event.tid));
      return [];
    case "rehash-ended": {
      const updates = event.updates.map(({ tid, depid }) => [formatRecordedTid(tid), depid]);
      const all = canonical(Object.fromEntries(changed));
      changed.clear();
      return [`rehash ${canonical(updates)} ${all} ${canonical(event.pending.map(formatRecordedTid))}`];
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
