import { type BuildRecord, RecordDraft } from "./build-record.ts";
import { BitbakeFileError } from "./file-error.ts";

/**
 * The line of a task that begins. Behind the counts: the tid, and before BitBake 1.32 `ID: <id>, <recipe file>, <task>`, or
 * `<recipe file>, <task>` of setscene tasks.
 */
const BEGINS = /^([^|]*)NOTE: Running (setscene |noexec )?task \d+ of \d+ \((.+)\)\s*$/;
/** The line of a task that failed; before BitBake 1.32 with its id before the bracket. */
const FAILS = /^([^|]*)(?:ERROR: Task|WARNING: Setscene task) (?:\S+ )?\((.+?)\) failed with /;
const TASK = /^(?:ID: .+?, )?(.+)(?::|, )(do_[^\s:,()]+?)(_setscene)?$/;
/** What BitBake prints once, when it is ready to run tasks; before 1.44 with SetScene. */
const READY = /NOTE: (?:Executing (?:SetScene )?Tasks|Preparing RunQueue)\s*$/i;
const SUMMARY = /Tasks Summary: Attempted (\d+) tasks of which (\d+) didn't need to be rerun and (?:(\d+) failed)?/;
/** Begins the list of failed tasks behind the summary, for which standard output alone is enough: errors go to the other stream. */
const FAILURES = /^Summary: \d+ tasks? failed:/;
/** What only a terminal is shown: the lines below the progress bar, and moves of the cursor to them. */
const FOOTER = /(?:Currently +\d+ running tasks|No currently running tasks|Running tasks|Setscene tasks:) /;
const ESCAPE = "\u001b[";
const MOVES = /^\d*[A-HJK]/;

/** Finds what ran in the lines of BitBake's console output, of one build after another. */
export class ConsoleRecordReader {
  readonly #source: string;
  readonly #closed: OpenBuild[] = [];
  #line = 0;
  #open: OpenBuild | undefined;
  #listsFailures = false;

  constructor(source: string) {
    this.#source = source;
  }

  /**
   * Takes the next line.
   *
   * @throws {BitbakeFileError} at the end of a build whose tasks the log does not have: it was written for a terminal
   */
  push(content: string): void {
    this.#line += 1;
    const [line, isFooter] = plain(content);
    this.#listsFailures = FAILURES.test(line) || (this.#listsFailures && line.startsWith("  "));
    if (this.#listsFailures) this.#takeListed(line);
    else if (line.startsWith("Build Configuration") || READY.test(line)) this.#begin();
    else if (line.includes("NOTE: Running ")) this.#takeBegin(line);
    else if (line.includes(") failed with ")) this.#takeFailure(line);
    else if (line.includes(": Started")) this.#takeStarted(line);
    else if (SUMMARY.test(line)) this.#takeSummary(line);
    if (isFooter && this.#open !== undefined) this.#open.terminal = true;
  }

  /**
   * @returns a record per build
   * @throws {BitbakeFileError} when there is no build, or one whose tasks the log does not have
   */
  end(): readonly BuildRecord[] {
    this.#close(undefined);
    if (this.#closed.length === 0)
      throw new BitbakeFileError(
        this.#source,
        0,
        'expected BitBake\'s console output: no line "NOTE: Executing Tasks"',
      );
    return this.#closed.map((build, at) => build.finish(this.#source, at + 1));
  }

  #current(): OpenBuild {
    this.#open ??= new OpenBuild(this.#line);
    return this.#open;
  }

  /** What says that a build begins is said more than once before its first task. */
  #begin(): void {
    if (this.#open !== undefined && this.#open.begun > 0) this.#close(undefined);
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
    const [, attempted, skipped, failed = "0"] = SUMMARY.exec(line) ?? [];
    this.#close({ ran: Number(attempted) - Number(skipped), failed: Number(failed) });
  }

  /** @param counts what BitBake counted; `undefined` when the log ends before */
  #close(counts: OpenBuild["counts"]): void {
    const build = this.#open;
    this.#open = undefined;
    if (build === undefined) return;
    if (build.begun === 0) {
      if (build.terminal || (counts?.ran ?? 0) > 0) throw this.#noTasks(build);
      if (counts === undefined && !build.ready) return;
    }
    build.counts = counts;
    this.#closed.push(build);
  }

  #noTasks({ line }: OpenBuild): BitbakeFileError {
    return new BitbakeFileError(
      this.#source,
      line,
      'a build without lines "NOTE: Running task …": BitBake shows a terminal a progress bar instead. Take BB_CONSOLELOG ' +
        "(tmp/log/cooker/<machine>/console-latest.log), or write the output to a file or pipe",
    );
  }
}

class OpenBuild {
  readonly draft = new RecordDraft();
  /** Where it begins. */
  readonly line: number;
  /** Lines of tasks, of any kind and of real and noexec ones. */
  begun = 0;
  real = 0;
  /** Lines by which tasks say themselves that they started. */
  started = 0;
  ready = false;
  terminal = false;

  /** Real and noexec tasks that ran, and of these those that failed, by BitBake's own count. */
  counts: { readonly ran: number; readonly failed: number } | undefined;

  constructor(line: number) {
    this.line = line;
  }

  finish(source: string, number: number): BuildRecord {
    const { draft, real, started, counts } = this;
    if (counts !== undefined && counts.ran !== real)
      draft.unknown.push(`which tasks ran: BitBake counted ${counts.ran}, and the log has lines of ${real}`);
    if (counts !== undefined && counts.failed > draft.failed.size)
      draft.unknown.push(
        `which tasks failed: BitBake counted ${counts.failed}, and the log names ${draft.failed.size}`,
      );
    if (draft.executed.size > 0 && started === 0)
      draft.unknown.push("whether tasks really ran: none says that it started, as in a dry run (-n)");
    const finished = counts !== undefined;
    return draft.finish({ source, build: String(number), kind: "console", naming: "tid", finished });
  }
}

function findTask(text: string): { readonly key: string; readonly setscene: boolean } | undefined {
  const [, file, task, setscene] = TASK.exec(text) ?? [];
  if (file === undefined) return undefined;
  return { key: `${file.replace(/^multiconfig:/, "mc:")}:${task}`, setscene: setscene !== undefined };
}

/** The line without what colours it or moves the cursor, and whether only a terminal is shown it. */
function plain(content: string): readonly [string, boolean] {
  const [first = "", ...others] = content.split(ESCAPE);
  const line = first + others.map((it) => it.replace(/^[\d;?]*[A-Za-z]/, "")).join("");
  return [line, FOOTER.test(line) || others.some((it) => MOVES.test(it))];
}
