import type { Tid } from "@depid/hash";
import type { BuildEvent, EndState } from "./event.ts";
import type { BuildPlan } from "./plan.ts";

/** What the first look at the setscene tasks found, as OE-Core prints it. */
export interface SstateSummary {
  readonly wanted: number;
  readonly local: number;
  readonly mirrors: number;
  readonly missed: number;
  readonly current: number;
}

/** BitBake's last line. */
export interface TasksSummary {
  /** All tasks that were completed or failed, passed over or not. */
  readonly attempted: number;
  /** "didn't need to be rerun": covered and existing ones. */
  readonly skipped: number;
  readonly failed: number;
}

/** What a build came to. Lists are in the order in which things happened. */
export interface BuildSummary {
  readonly state: EndState;
  /** Real tasks that were run, those that failed and those of dry runs included, without noexec ones. */
  readonly executed: readonly Tid[];
  /** noexec tasks that were only stamped. */
  readonly noexec: readonly Tid[];
  /** Setscene tasks that were run, those that failed included. */
  readonly restored: readonly Tid[];
  /** Real tasks passed over as what needs them was restored or is current. */
  readonly covered: readonly Tid[];
  /** Real tasks passed over as their stamp is current. */
  readonly existing: readonly Tid[];
  readonly failed: readonly Tid[];
  readonly setsceneFailed: readonly Tid[];
  /** Setscene tasks passed over as nothing needs them. */
  readonly notNeeded: readonly Tid[];
  readonly setsceneCovered: ReadonlySet<Tid>;
  readonly setsceneNotCovered: ReadonlySet<Tid>;
  /** "Sstate summary": what the first check found. */
  readonly sstate: SstateSummary;
  /** "Tasks Summary". */
  readonly tasks: TasksSummary;
  /** Setscene tasks that a rehash made undecided again, each as often as that happened. */
  readonly migrated: readonly Tid[];
  /** All real tasks of the build, and all setscene ones. */
  readonly total: number;
  readonly setsceneTotal: number;
  /** When the build ended: milliseconds of virtual time. */
  readonly wallTime: number;
}

/** Sums up the log of a build that is over. */
export function summarizeBuild(plan: BuildPlan, events: readonly BuildEvent[]): BuildSummary {
  const tids = tallyEvents(events);
  const skipped = tids.covered.length + tids.existing.length;
  const ended = events.at(-1);
  return {
    ...tids,
    state: ended?.type === "ended" ? ended.state : "CRASHED",
    sstate: sstateSummaryOf(events),
    tasks: { attempted: tids.finished + skipped + tids.failed.length, skipped, failed: tids.failed.length },
    total: plan.size,
    setsceneTotal: plan.setsceneCount,
    wallTime: ended?.at ?? 0,
  };
}

/** BitBake's line, such as "Sstate summary: Wanted 13 Local 12 Mirrors 0 Missed 1 Current 0 (92% match, 92% complete)". */
export function formatSstateSummary({ wanted, local, mirrors, missed, current }: SstateSummary): string {
  const found = local + mirrors;
  const match = wanted === 0 ? 0 : Math.floor((100 * found) / wanted);
  const complete = wanted + current === 0 ? 0 : Math.floor((100 * (found + current)) / (wanted + current));
  const counts = `Wanted ${wanted} Local ${local} Mirrors ${mirrors} Missed ${missed} Current ${current}`;
  return `Sstate summary: ${counts} (${match}% match, ${complete}% complete)`;
}

/** BitBake's last line. */
export function formatTasksSummary({ attempted, skipped, failed }: TasksSummary): string {
  const how = failed > 0 ? `${failed} failed` : "all succeeded";
  return `Tasks Summary: Attempted ${attempted} tasks of which ${skipped} didn't need to be rerun and ${how}.`;
}

function sstateSummaryOf(events: readonly BuildEvent[]): SstateSummary {
  const first = events.find((event) => event.type === "checked");
  const wanted = first?.asked.length ?? 0;
  const local = first?.found.length ?? 0;
  return { wanted, local, mirrors: 0, missed: wanted - local, current: first?.current ?? 0 };
}

function tallyEvents(events: readonly BuildEvent[]) {
  const executed: Tid[] = [];
  const noexec: Tid[] = [];
  const restored: Tid[] = [];
  const covered: Tid[] = [];
  const existing: Tid[] = [];
  const failed: Tid[] = [];
  const setsceneFailed: Tid[] = [];
  const notNeeded = new Set<Tid>();
  const setsceneCovered = new Set<Tid>();
  const setsceneNotCovered = new Set<Tid>();
  const migrated: Tid[] = [];
  let finished = 0;
  for (const event of events) {
    switch (event.type) {
      case "started":
        if (event.variant === "setscene") restored.push(event.tid);
        else (event.noexec ? noexec : executed).push(event.tid);
        break;
      case "finished":
        if (event.variant === "real") finished += 1;
        break;
      case "skipped":
        (event.why === "covered" ? covered : existing).push(event.tid);
        break;
      case "failed":
        failed.push(event.tid);
        break;
      case "setscene-covered":
        setsceneCovered.add(event.tid);
        if (event.why === "not-needed") notNeeded.add(event.tid);
        break;
      case "setscene-notcovered":
        setsceneNotCovered.add(event.tid);
        if (event.why === "restore-failed") setsceneFailed.push(event.tid);
        break;
      case "migrated":
        migrated.push(event.tid);
        setsceneCovered.delete(event.tid);
        setsceneNotCovered.delete(event.tid);
        notNeeded.delete(event.tid);
        break;
    }
  }
  return {
    executed,
    noexec,
    restored,
    covered,
    existing,
    failed,
    setsceneFailed,
    notNeeded: [...notNeeded],
    setsceneCovered,
    setsceneNotCovered,
    migrated,
    finished,
  };
}
