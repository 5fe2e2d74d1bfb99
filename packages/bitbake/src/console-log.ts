/** What BitBake printed at the begin and the end of a build. One row of the table `summaries`; null is what the log does not say. */
export interface SummaryRow {
  /** Counted from 1 in each log. */
  readonly build: number;
  /** Number of the first of the two lines. */
  readonly line: number;
  /** Setscene tasks whose objects were looked for. */
  readonly wanted: number | null;
  /** Of these, found in the sstate directory; null in releases that do not tell the places apart. */
  readonly local: number | null;
  /** Found in mirrors; null as `local` is. */
  readonly mirrors: number | null;
  /** Found in either. */
  readonly found: number | null;
  readonly missed: number | null;
  /** Setscene tasks with a current stamp, which were not looked for. */
  readonly current: number | null;
  /** Tasks that were run or passed over. */
  readonly attempted: number | null;
  /** Of these, those that did not need to be rerun. */
  readonly skipped: number | null;
  readonly failed: number | null;
}

const SSTATE =
  /sstate summary: Wanted (\d+) (?:Local (\d+) (?:Mirrors|Network) (\d+)|Found (\d+)) Missed (\d+)(?: Current (\d+))?/i;
const TASKS =
  /Tasks Summary: Attempted (\d+) tasks of which (\d+) didn't need to be rerun and (?:(\d+) failed|all succeeded)/;
const NOTHING: Omit<SummaryRow, "build" | "line"> = {
  wanted: null,
  local: null,
  mirrors: null,
  found: null,
  missed: null,
  current: null,
  attempted: null,
  skipped: null,
  failed: null,
};

/** Finds the summaries in the lines of a console log, of one build after another. */
export class ConsoleLogReader {
  #line = 0;
  #build = 0;
  #open: SummaryRow | undefined;

  /** @returns the row of a build that has come to its end */
  push(content: string): SummaryRow | undefined {
    this.#line += 1;
    if (!content.includes("ummary: ")) return undefined;
    const sstate = SSTATE.exec(content);
    if (sstate !== null) {
      const before = this.#open;
      this.#open = { ...this.#begin(), ...sstateCounts(sstate) };
      return before;
    }
    const tasks = TASKS.exec(content);
    if (tasks === null) return undefined;
    const [, attempted, skipped, failed = "0"] = tasks;
    const row = this.#open ?? this.#begin();
    this.#open = undefined;
    return { ...row, attempted: Number(attempted), skipped: Number(skipped), failed: Number(failed) };
  }

  /** @returns the row of a build whose end the log does not have */
  end(): SummaryRow | undefined {
    return this.#open;
  }

  #begin(): SummaryRow {
    this.#build += 1;
    return { build: this.#build, line: this.#line, ...NOTHING };
  }
}

function sstateCounts([, wanted, local, mirrors, found, missed, current]: RegExpExecArray) {
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
