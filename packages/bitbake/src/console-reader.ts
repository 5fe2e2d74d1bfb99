import { HASH_PATTERN, splitSetscene } from "@depid/hash";
import { RecordDraft } from "./build-record.ts";
import { plainLine, unwrapLine } from "./console-text.ts";
import { BitbakeFileError } from "./file-error.ts";

/**
 * The line of a task that begins. Behind the counts: the tid, and before BitBake 1.32 `ID: <id>, <recipe file>, <task>`, or
 * `<recipe file>, <task>` of setscene tasks.
 */
const BEGINS = /^([^|]*)NOTE: Running (setscene |noexec )?task \d+ of \d+ \((.+)\)\s*$/;
/** The line of a task that failed; before BitBake 1.32 with its id before the bracket. */
const FAILS = /^([^|]*)(?:ERROR: Task|WARNING: Setscene task) (?:\S+ )?\((.+?)\) failed with /;
const TASK = /^(?:ID: .+?, )?(.+)(?::|, )(do_[^\s:,()]+)$/;
/** What BitBake prints once, when it is ready to run tasks; before 1.44 with SetScene. */
const READY = /NOTE: (?:Executing (?:SetScene )?Tasks|Preparing RunQueue)\s*$/i;
/** The sstate summary; releases differ in whether places are told apart. */
const SSTATE =
  /sstate summary: Wanted (\d+) (?:Local (\d+) (?:Mirrors|Network) (\d+)|Found (\d+)) Missed (\d+)(?: Current (\d+))?/i;
/** The apostrophe may have become anything on its way. */
const TASKS =
  /Tasks Summary: Attempted (\d+) tasks of which (\d+) didn\S{0,8}t need to be rerun and (?:(\d+) failed|all succeeded)/;
/** Begins the list of failed tasks behind the summary, for which standard output alone is enough: errors go to the other stream. */
const FAILURES = /^Summary: \d+ tasks? failed:/;
/** A depid that the server changed while the build ran: what BitBake says of its own, of an older task, of a report. */
const CHANGES = new RegExp(
  `Task (\\S+) unihash changed (?:to (${HASH_PATTERN})|(${HASH_PATTERN}) -> (${HASH_PATTERN}) (?:as wanted|by server))`,
);

/** What BitBake said of sstate at the begin of a build; null is what the log does not say. */
export interface SstateCounts {
  readonly wanted: number;
  readonly local: number | null;
  readonly mirrors: number | null;
  readonly found: number;
  readonly missed: number;
  readonly current: number | null;
}

/** What BitBake counted at the end of a build. */
export interface TaskCounts {
  readonly attempted: number;
  readonly skipped: number;
  readonly failed: number;
}

/** A depid that changed while the build ran. */
export interface DepIdChange {
  readonly line: number;
  /** The tid; where the log says only that, the taskhash. */
  readonly task: string;
  /** Null if the log does not say it. */
  readonly before: string | null;
  readonly after: string;
}

/** One build of a console log, as far as the log has it. */
export class ConsoleBuild {
  readonly draft = new RecordDraft();
  readonly depids: DepIdChange[] = [];
  /** Where it begins. */
  readonly line: number;
  /** The first of its summaries; 0 if it has none. */
  summaryLine = 0;
  /** Lines of tasks, of any kind and of real and noexec ones. */
  begun = 0;
  real = 0;
  /** Lines by which tasks say themselves that they started. */
  started = 0;
  ready = false;
  terminal = false;
  sstate: SstateCounts | undefined;
  /** `undefined` when the log ends before the build does. */
  counts: TaskCounts | undefined;

  constructor(line: number) {
    this.line = line;
  }

  /** Whether the log tells which tasks ran: not so if it was written for a terminal. */
  get namesTasks(): boolean {
    const ran = this.counts === undefined ? 0 : this.counts.attempted - this.counts.skipped;
    return this.begun > 0 || (!this.terminal && this.counts !== undefined && ran === 0);
  }
}

/** Reads the lines of BitBake's console output, of one build after another, plain or as HTML. */
export class ConsoleReader {
  readonly #source: string;
  readonly #closed: ConsoleBuild[] = [];
  #line = 0;
  #open: ConsoleBuild | undefined;
  #listsFailures = false;

  constructor(source: string) {
    this.#source = source;
  }

  /** Takes the next line. */
  push(content: string): void {
    this.#line += 1;
    for (const line of unwrapLine(content)) this.#take(line);
  }

  /**
   * @returns the builds; of one whose end is missing, what there is
   * @throws {BitbakeFileError} when there is none
   */
  end(): readonly ConsoleBuild[] {
    this.#close(undefined);
    if (this.#closed.length === 0)
      throw new BitbakeFileError(
        this.#source,
        0,
        'expected BitBake\'s console output: no line "NOTE: Executing Tasks", "Sstate summary: …" or "NOTE: Tasks Summary: …"',
      );
    return this.#closed;
  }

  #take(content: string): void {
    const [line, isFooter] = plainLine(content);
    this.#listsFailures = FAILURES.test(line) || (this.#listsFailures && line.startsWith("  "));
    if (this.#listsFailures) this.#takeListed(line);
    else if (line.startsWith("Build Configuration") || READY.test(line)) this.#begin(line);
    else if (line.includes("NOTE: Running ")) this.#takeBegin(line);
    else if (line.includes(") failed with ")) this.#takeFailure(line);
    else if (line.includes(": Started")) this.#takeStarted(line);
    else if (line.includes("ummary: ")) this.#takeSummary(line);
    else if (line.includes(" unihash changed ")) this.#takeDepId(line);
    if (isFooter && this.#open !== undefined) this.#open.terminal = true;
  }

  #current(): ConsoleBuild {
    this.#open ??= new ConsoleBuild(this.#line);
    return this.#open;
  }

  /** What says that a build begins is said more than once before its first task. */
  #begin(line: string): void {
    const isFirst = line.startsWith("Build Configuration");
    if (this.#open !== undefined && (this.#open.begun > 0 || (isFirst && this.#open.sstate !== undefined)))
      this.#close(undefined);
    this.#current().ready = true;
  }

  #takeBegin(line: string): void {
    const [, , kind, text = ""] = BEGINS.exec(line) ?? [];
    const task = findTask(text);
    if (task === undefined) return;
    const build = this.#current();
    build.begun += 1;
    const { draft } = build;
    if (kind === "noexec ") draft.noexec.add(task.key);
    else if (task.setscene) draft.restored.add(task.key);
    else draft.executed.add(task.key);
    if (!task.setscene) build.real += 1;
  }

  #takeFailure(line: string): void {
    const task = findTask(FAILS.exec(line)?.[2] ?? "");
    if (task === undefined) return;
    const { draft } = this.#current();
    if (!task.setscene) draft.failed.add(task.key);
    else {
      draft.restored.delete(task.key);
      draft.restoreFailed.add(task.key);
    }
  }

  #takeStarted(line: string): void {
    if (/(?:recipe|package) \S+: task do_\S+: Started\s*$/.test(line)) this.#current().started += 1;
  }

  #takeListed(line: string): void {
    const task = line.startsWith("    ") ? undefined : findTask(line.trim());
    if (task !== undefined) this.#closed.at(-1)?.draft.failed.add(task.key);
  }

  #takeSummary(line: string): void {
    const sstate = SSTATE.exec(line);
    if (sstate !== null) {
      if (this.#open !== undefined && (this.#open.sstate !== undefined || this.#open.begun > 0)) this.#close(undefined);
      const build = this.#current();
      build.sstate = sstateCounts(sstate);
      build.summaryLine = this.#line;
      return;
    }
    const tasks = TASKS.exec(line);
    if (tasks === null) return;
    const [, attempted, skipped, failed = "0"] = tasks;
    const build = this.#current();
    if (build.summaryLine === 0) build.summaryLine = this.#line;
    this.#close({ attempted: Number(attempted), skipped: Number(skipped), failed: Number(failed) });
  }

  #takeDepId(line: string): void {
    const [, task, only, before, after] = CHANGES.exec(line) ?? [];
    const is = only ?? after;
    if (task === undefined || is === undefined) return;
    this.#current().depids.push({ line: this.#line, task, before: before ?? null, after: is });
  }

  /** @param counts what BitBake counted; `undefined` when the log ends before */
  #close(counts: TaskCounts | undefined): void {
    const build = this.#open;
    this.#open = undefined;
    if (build === undefined) return;
    build.counts = counts;
    const isBuild = build.ready || build.begun > 0 || build.sstate !== undefined || counts !== undefined;
    if (isBuild) this.#closed.push(build);
  }
}

function findTask(text: string): { readonly key: string; readonly setscene: boolean } | undefined {
  const [, file, name = ""] = TASK.exec(text) ?? [];
  if (file === undefined) return undefined;
  const { task, isSetscene: setscene } = splitSetscene(name);
  return { key: `${file.replace(/^multiconfig:/, "mc:")}:${task}`, setscene };
}

function sstateCounts([, wanted, local, mirrors, found, missed, current]: RegExpExecArray): SstateCounts {
  return {
    wanted: Number(wanted),
    local: numberOrNull(local),
    mirrors: numberOrNull(mirrors),
    found: found === undefined ? Number(local) + Number(mirrors) : Number(found),
    missed: Number(missed),
    current: numberOrNull(current),
  };
}

function numberOrNull(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}
