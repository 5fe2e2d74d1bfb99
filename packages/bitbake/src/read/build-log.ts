import { formatSetscene, splitSetscene } from "@depid/hash";
import { parseJsonLine } from "@depid/task-graph/read";
import { z } from "zod";
import { BUILD_LOG_FORMAT } from "../build-log-format.ts";
import { type BuildRecord, RecordDraft } from "../build-record.ts";
import { BitbakeFileError } from "../file-error.ts";

const text = z.string();
const headerRow = z.strictObject({
  format: z.literal(BUILD_LOG_FORMAT),
  tool: text,
  machine: text,
  handler: text,
  target: text,
  started: text,
});
const taskRow = z.strictObject({
  tid: text.min(1),
  how: z.enum(["executed", "restored", "noexec", "failed", "restore-failed"]),
  start: z.number().optional(),
  seconds: z.number().optional(),
  pn: text,
  task: text,
  taskhash: text,
  depid: text.optional(),
});
const endRow = z.strictObject({
  end: z.strictObject({ tasks: z.int(), unfinished: z.array(text), interrupted: z.boolean() }),
});

/** Reads the lines of a build log (`depid-build/1`); several logs may stand one behind another. */
export class BuildLogReader {
  readonly #source: string;
  readonly #records: BuildRecord[] = [];
  #line = 0;
  #open: { readonly draft: RecordDraft; count: number } | undefined;
  /** A line that cannot be read: the last one of a build that was killed, or a fault. */
  #broken: BitbakeFileError | undefined;

  constructor(source: string) {
    this.#source = source;
  }

  /** @throws {BitbakeFileError} naming source, line and field */
  push(line: string): void {
    this.#line += 1;
    if (this.#broken !== undefined) throw this.#broken;
    if (line === "") return;
    try {
      this.#take(line);
    } catch (error) {
      if (!(error instanceof BitbakeFileError)) throw error;
      this.#broken = error;
    }
  }

  /** @throws {BitbakeFileError} when there is none, or a line is faulty that no killed build could have left */
  end(): readonly BuildRecord[] {
    if (this.#broken !== undefined && this.#open === undefined) throw this.#broken;
    this.#close(false);
    if (this.#records.length === 0) throw this.#problem(`expected a line with "format": "${BUILD_LOG_FORMAT}"`);
    return this.#records;
  }

  #take(line: string): void {
    if (line.includes(`"${BUILD_LOG_FORMAT}"`)) {
      this.#parse(headerRow, line);
      this.#close(false);
      this.#open = { draft: new RecordDraft(), count: 0 };
      return;
    }
    if (this.#open === undefined) throw this.#problem("expected a header, found another line");
    if (line.startsWith('{"end":')) this.#takeEnd(this.#parse(endRow, line).end);
    else {
      takeTask(this.#open.draft, this.#parse(taskRow, line));
      this.#open.count += 1;
    }
  }

  #takeEnd({ tasks, unfinished, interrupted }: z.infer<typeof endRow>["end"]): void {
    const { draft, count } = this.#open ?? { draft: new RecordDraft(), count: 0 };
    if (tasks !== count) throw this.#problem(`end.tasks: ${tasks}, but there are ${count}`);
    for (const key of unfinished) if (!splitSetscene(key).isSetscene) draft.executed.add(key);
    if (unfinished.length > 0)
      draft.unknown.push(`what became of ${unfinished.length} tasks that began and of which no end was heard`);
    this.#close(!interrupted);
  }

  #close(finished: boolean): void {
    if (this.#open === undefined) return;
    const build = String(this.#records.length + 1);
    const about = { source: this.#source, build, kind: "depid-build", naming: "tid", finished } as const;
    this.#records.push(this.#open.draft.finish(about));
    this.#open = undefined;
  }

  #parse<Row>(row: z.ZodType<Row>, line: string): Row {
    return parseJsonLine(row, line, this.#source, this.#line, BitbakeFileError);
  }

  #problem(reason: string): BitbakeFileError {
    return new BitbakeFileError(this.#source, this.#line, reason);
  }
}

function takeTask(draft: RecordDraft, { tid, how, start, seconds }: z.infer<typeof taskRow>): void {
  const isRestore = how === "restored" || how === "restore-failed";
  if (how === "noexec") draft.noexec.add(tid);
  else if (how === "restored") draft.restored.add(tid);
  else if (how === "restore-failed") draft.restoreFailed.add(tid);
  else if (start !== undefined) draft.executed.add(tid);
  if (how === "failed") draft.failed.add(tid);
  if (seconds !== undefined && how !== "noexec") draft.seconds.set(isRestore ? formatSetscene(tid) : tid, seconds);
}
