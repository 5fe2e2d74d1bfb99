import { configPrefix, hasConfig } from "@depid/hash";
import { type BuildRecord, RecordDraft } from "./build-record.ts";
import { BitbakeFileError, excerptOf } from "./file-error.ts";
import { PickleError, PickleObject, type PickleValue, parsePickle } from "./pickle.ts";

/** The first line of a build since BitBake 2.8; before, that of the file. */
const VARIABLES = /^\{\s*"allvariables"\s*:/;
const EVENT = /^\{\s*"class"\s*:\s*"([^"]*)"/;
/** Bytes of an event of the run queue or of a task, at most: the log of pseudo in a failure is the longest that there is. */
const MAX_PICKLE_BYTES = 4 * 1024 * 1024;

/** Whether a line is one of an event log. */
export function isEventLogLine(line: string): boolean {
  return VARIABLES.test(line) || EVENT.test(line);
}

/**
 * Finds what ran in the lines of BitBake's event log (`BB_DEFAULT_EVENTLOG`, `bitbake -w`), of one build after another. The events of the
 * run queue say what was begun, restored and stamped; those of the tasks themselves say when. Events that tell nothing of that are not
 * unpickled, and what is unpickled is never run.
 */
export class EventLogReader {
  readonly #source: string;
  readonly #records: BuildRecord[] = [];
  #line = 0;
  #open = new LoggedBuild();
  /** A line that cannot be read: the last one of a build that was killed, or a fault. */
  #broken: BitbakeFileError | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /**
   * Takes the next line; of lines longer than events are their beginning will do.
   *
   * @throws {BitbakeFileError} naming source and line
   */
  push(line: string): void {
    this.#line += 1;
    if (this.#broken !== undefined) throw this.#broken;
    if (line.trim() === "") return;
    if (VARIABLES.test(line)) {
      this.#close(false);
      return;
    }
    const name = EVENT.exec(line)?.[1];
    if (name === undefined) this.#broken = this.#problem(`expected an event, found ${excerptOf(line)}`);
    else if (name === "bb.event.BuildStarted") this.#close(false);
    else if (ENDS.has(name)) this.#close(true);
    else if (TAKES.has(name)) this.#takeEvent(name, line);
  }

  /**
   * @returns a record per build in which the run queue did anything
   * @throws {BitbakeFileError} when there is none
   */
  end(): readonly BuildRecord[] {
    this.#close(false);
    if (this.#records.length === 0)
      throw this.#broken ?? new BitbakeFileError(this.#source, 0, "expected events of the run queue, found none");
    return this.#records;
  }

  #takeEvent(name: string, line: string): void {
    try {
      const fields = fieldsOf(line);
      TAKES.get(name)?.(this.#open, (field) => fields.get(field));
    } catch (error) {
      if (!(error instanceof PickleError || error instanceof SyntaxError)) throw error;
      this.#broken = this.#problem(`${name}: ${error.message}`, error);
    }
  }

  #close(finished: boolean): void {
    const { draft, seen, started } = this.#open;
    this.#open = new LoggedBuild();
    if (!seen) return;
    if (draft.executed.size > 0 && started.size === 0)
      draft.unknown.push("whether tasks really ran: none says that it started, as in a dry run (-n)");
    const build = String(this.#records.length + 1);
    this.#records.push(draft.finish({ source: this.#source, build, kind: "eventlog", naming: "tid", finished }));
  }

  #problem(reason: string, cause?: unknown): BitbakeFileError {
    return new BitbakeFileError(this.#source, this.#line, reason, { cause });
  }
}

class LoggedBuild {
  readonly draft = new RecordDraft();
  /** When tasks that said so began, by key. */
  readonly started = new Map<string, number>();
  /** Whether the run queue did anything: parsing alone is no build. */
  seen = false;
}

type Fields = (name: string) => PickleValue | undefined;

/** What ends a build; with several configurations the first comes once for each. */
const ENDS: ReadonlySet<string> = new Set([
  "bb.event.BuildCompleted",
  "bb.command.CommandCompleted",
  "bb.command.CommandFailed",
  "bb.command.CommandExit",
]);

/** The events that tell what ran (docs/spec/runqueue.md has the decisions behind them). */
const TAKES: ReadonlyMap<string, (build: LoggedBuild, fields: Fields) => void> = new Map([
  [
    "bb.runqueue.runQueueTaskStarted",
    ofQueue((draft, tid, fields) => void (fields("noexec") === true ? draft.noexec : draft.executed).add(tid)),
  ],
  ["bb.runqueue.runQueueTaskCompleted", ofQueue(() => {})],
  ["bb.runqueue.runQueueTaskSkipped", ofQueue(() => {})],
  ["bb.runqueue.runQueueTaskFailed", ofQueue((draft, tid) => void draft.failed.add(tid))],
  ["bb.runqueue.sceneQueueTaskStarted", ofQueue(() => {})],
  ["bb.runqueue.sceneQueueTaskCompleted", ofQueue((draft, tid) => void draft.restored.add(tid))],
  ["bb.runqueue.sceneQueueTaskFailed", ofQueue((draft, tid) => void draft.restoreFailed.add(tid))],
  ["bb.build.TaskStarted", ofTask((build, key, time) => void build.started.set(key, time))],
  ["bb.build.TaskSucceeded", ofTask(takeEnd)],
  ["bb.build.TaskFailed", ofTask(takeEnd)],
  ["bb.build.TaskFailedSilent", ofTask(takeEnd)],
]);

function ofQueue(take: (draft: RecordDraft, tid: string, fields: Fields) => void) {
  return (build: LoggedBuild, fields: Fields): void => {
    build.seen = true;
    take(build.draft, textOf(fields, "taskid"), fields);
  };
}

/** The recipe file of a task's own event has the variant, but not the configuration, before it. */
function ofTask(take: (build: LoggedBuild, key: string, time: number) => void) {
  return (build: LoggedBuild, fields: Fields): void => {
    const config = fields("_mc");
    const file = textOf(fields, "_fn");
    const time = fields("time");
    if (typeof time !== "number") throw new PickleError("time: expected a number");
    const prefix = typeof config === "string" && !hasConfig(file) ? configPrefix(config) : "";
    take(build, `${prefix}${file}:${textOf(fields, "_task")}`, time);
  };
}

/** A setscene task's own name is `do_x_setscene`, which is the key of its seconds. */
function takeEnd({ draft, started }: LoggedBuild, key: string, time: number): void {
  const begin = started.get(key);
  if (begin !== undefined) draft.seconds.set(key, Math.round((time - begin) * 1000) / 1000);
}

function textOf(fields: Fields, name: string): string {
  const value = fields(name);
  if (typeof value !== "string") throw new PickleError(`${name}: expected a text`);
  return value;
}

/** The attributes of the event in a line: `vars` has them, pickled, in base64. */
function fieldsOf(line: string): ReadonlyMap<PickleValue, PickleValue> {
  const row: { readonly vars?: unknown } = JSON.parse(line);
  if (typeof row.vars !== "string" || !/^[A-Za-z0-9+/=\s]*$/.test(row.vars))
    throw new PickleError("vars: expected base64 (BitBake before 1.32 wrote something else)");
  if (row.vars.length > MAX_PICKLE_BYTES) throw new PickleError(`vars: more than ${MAX_PICKLE_BYTES} bytes`);
  const event = parsePickle(bytesOf(row.vars));
  const state = event instanceof PickleObject ? event.state : undefined;
  if (!(state instanceof Map)) throw new PickleError("vars: expected an object with attributes");
  return state;
}

function bytesOf(base64: string): Uint8Array {
  try {
    return Uint8Array.from(atob(base64), (it) => it.charCodeAt(0));
  } catch (cause) {
    throw new PickleError("vars: expected base64", { cause });
  }
}
