import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { bound, prepareText } from "../sqlite/values.ts";
import { TextFilter } from "./text-filter.ts";

/** Rows read in one go, which takes about a millisecond, and milliseconds until the next. */
const SLICE = 500;
const PAUSE_MS = 1;
/** Milliseconds until it is tried again when the file could not be read. */
const RETRY_MS = 5_000;
/** Taskhashes, or outhashes, beyond which all reports are looked up: they would take more than 100 MB. */
const MOST = 2_000_000;

/** In the order of the indexes, so that the tables themselves need not be read; of one method, or SQLite does not seek. */
const EQUIVALENCES = `SELECT json_group_array(json_array(taskhash)) FROM (SELECT taskhash FROM unihashes_v3
  WHERE method = CAST(?1 AS TEXT) AND taskhash >= CAST(?2 AS TEXT) ORDER BY taskhash LIMIT ${SLICE})`;
const OUTPUTS = `SELECT json_group_array(json_array(taskhash, outhash)) FROM (SELECT taskhash, outhash FROM outhashes_v2
  WHERE method = CAST(?1 AS TEXT) AND (taskhash, outhash) >= (CAST(?2 AS TEXT), CAST(?3 AS TEXT))
  ORDER BY taskhash, outhash LIMIT ${SLICE})`;

/**
 * Says of taskhashes and outhashes that the tables certainly do not have them. It holds more than the tables ever have:
 * it reads all rows once, in slices, and whoever inserts a row adds it before. Rows that go away make nothing wrong.
 */
export class KnownFilter {
  /** Each reads a slice. @returns whether that was the last one */
  readonly #walks: (() => boolean)[];
  readonly #most: number;
  #taskhashes = new TextFilter();
  #outhashes = new TextFilter();
  #timer: NodeJS.Timeout | undefined;
  /** All rows are here. */
  #complete = false;
  /** There are too many: nothing is excluded any more. */
  #givenUp = false;

  constructor(db: DatabaseSyncInstance, most = MOST) {
    this.#most = most;
    this.#walks = [
      createWalk<[string]>(db, "unihashes_v3", EQUIVALENCES, [""], ([taskhash]) => this.add({ taskhash })),
      createWalk<[string, string]>(db, "outhashes_v2", OUTPUTS, ["", ""], ([taskhash, outhash]) =>
        this.add({ taskhash, outhash }),
      ),
    ];
    this.#goOnIn(PAUSE_MS);
  }

  /** Whether the tables certainly have no row of this taskhash, under any method. */
  excludesTask(taskhash: string): boolean {
    return this.#complete && !this.#taskhashes.mayHave(taskhash);
  }

  /** Whether the tables certainly have no row with this output, under any method. */
  excludesOutput(outhash: string): boolean {
    return this.#complete && !this.#outhashes.mayHave(outhash);
  }

  /** To be called before a row is inserted. */
  add(row: { readonly taskhash: string; readonly outhash?: string }): void {
    if (this.#givenUp) return;
    this.#taskhashes.add(row.taskhash);
    if (row.outhash !== undefined) this.#outhashes.add(row.outhash);
    if (Math.max(this.#taskhashes.size, this.#outhashes.size) > this.#most) this.#giveUp();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #giveUp(): void {
    this.#givenUp = true;
    this.#complete = false;
    this.#taskhashes = new TextFilter();
    this.#outhashes = new TextFilter();
    this.stop();
  }

  #goOnIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      let next = PAUSE_MS;
      try {
        this.#step();
      } catch {
        // What is wrong with the file is told to those who report.
        next = RETRY_MS;
      }
      if (!this.#complete && !this.#givenUp) this.#goOnIn(next);
    }, milliseconds).unref();
  }

  #step(): void {
    if (this.#walks[0]?.() === true) this.#walks.shift();
    this.#complete = this.#walks.length === 0 && !this.#givenUp;
  }
}

/**
 * Goes through a table, method by method, in the order of a key. Rows that come where it has been are added by their
 * writer.
 *
 * @param sql gives rows of a method from a key on
 * @param first the key that all others follow
 * @returns what does the next slice, and says whether it was the last one
 */
function createWalk<Key extends readonly string[]>(
  db: DatabaseSyncInstance,
  table: string,
  sql: string,
  first: Key,
  add: (row: Key) => void,
): () => boolean {
  const read = prepareText(db, sql);
  const findMethod = prepareText(db, `SELECT json_array(min(method)) FROM ${table} WHERE method >= CAST(?1 AS TEXT)`);
  const findNext = prepareText(db, `SELECT json_array(min(method)) FROM ${table} WHERE method > CAST(?1 AS TEXT)`);
  const parseMethod = (json = "[null]") => (JSON.parse(json) as [string | null])[0];
  let method = parseMethod(findMethod(""));
  let key = first;
  return () => {
    if (method === null) return true;
    const rows = JSON.parse(read(bound(method), ...key.map(bound)) ?? "[]") as readonly Key[];
    for (const row of rows) add(row);
    // The last row is read again as the first of the next slice.
    key = rows.at(-1) ?? key;
    if (rows.length === SLICE) return false;
    method = parseMethod(findNext(bound(method)));
    key = first;
    return method === null;
  };
}
