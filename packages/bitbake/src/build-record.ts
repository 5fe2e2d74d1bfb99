/**
 * What one real build ran, as something BitBake left tells it. Tasks are named by keys: the tid as the source has it, or, where it has
 * only names, `[mc:NAME:]pn:task`. A set of a task that ran more than once has it once; one task may be in several sets.
 */
export interface BuildRecord {
  /** The file or folder, as named. */
  readonly source: string;
  /** Which of the builds in the source: the name of its buildstats folder, or its number from 1. */
  readonly build: string;
  readonly kind: BuildRecordKind;
  /** What keys are: `tid` (with the recipe file absolute or relative, as the source has it) or `name`. */
  readonly naming: "tid" | "name";
  /** Real tasks that began, noexec ones left out; those that failed are among them. */
  readonly executed: ReadonlySet<string>;
  /** Tasks whose setscene task ran and succeeded. */
  readonly restored: ReadonlySet<string>;
  /** Tasks with nothing to execute that were stamped; `undefined` where the kind of source cannot tell. */
  readonly noexec: ReadonlySet<string> | undefined;
  /** Real tasks that failed. What BB_SETSCENE_ENFORCE lets fail never began, and is not in `executed`. */
  readonly failed: ReadonlySet<string>;
  /** Tasks whose setscene task ran and failed. */
  readonly restoreFailed: ReadonlySet<string>;
  /** How long tasks took by the clock, where that is known; a restored task is under its key with `_setscene` behind it. */
  readonly seconds?: ReadonlyMap<string, number>;
  /** Whether the source has the end of the build; a killed build's has not, and what ran late may be missing. */
  readonly finished: boolean;
  /** What this source does not tell: sentences. */
  readonly unknown: readonly string[];
}

/** What tells of a build: buildstats, the console, BitBake's event log, meta-depid's build log, lists of tids. */
export type BuildRecordKind = "buildstats" | "console" | "eventlog" | "depid-build" | "sets";

/** A record in the making. */
export class RecordDraft {
  readonly executed = new Set<string>();
  readonly restored = new Set<string>();
  readonly noexec = new Set<string>();
  readonly failed = new Set<string>();
  readonly restoreFailed = new Set<string>();
  readonly seconds = new Map<string, number>();
  readonly unknown: string[] = [];

  /** @param about what the source alone knows */
  finish(about: Pick<BuildRecord, "source" | "build" | "kind" | "naming" | "finished">): BuildRecord {
    const { executed, restored, failed, restoreFailed, seconds } = this;
    const knowsNoexec = about.kind !== "buildstats";
    const end = about.finished ? [] : ["what ran behind the end of the source: it stops before the build does"];
    return {
      ...about,
      executed,
      restored,
      failed,
      restoreFailed,
      noexec: knowsNoexec ? this.noexec : undefined,
      ...(seconds.size > 0 ? { seconds } : {}),
      unknown: [...this.unknown, ...end],
    };
  }
}
