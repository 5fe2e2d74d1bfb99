import type { OutHashKey } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { bound, prepareColumns, prepareText } from "./sqlite-values.ts";
import { TextFilter } from "./text-filter.ts";

/** Rows read in one go, which takes about a millisecond, and milliseconds until the next. */
const SLICE = 500;
const PAUSE_MS = 1;
/** Milliseconds until it is tried again when the file could not be read. */
const RETRY_MS = 5_000;
/** Taskhashes, or outhashes, beyond which all reports are looked up: they would take more than 100 MB. */
const MOST = 2_000_000;

/** The numbers of the last rows of both tables. They only grow: rows behind them are new, whoever has added them. */
export interface LastRows {
  readonly equivalence: number;
  readonly output: number;
}

/** The last rows before and behind those that were written. */
export interface Written {
  readonly before: LastRows;
  readonly after: LastRows;
}

/** In the order of the indexes, so that the tables themselves need not be read; of one method, or SQLite does not seek. */
const EQUIVALENCES = `SELECT json_group_array(json_array(taskhash)) FROM (SELECT taskhash FROM unihashes_v3
  WHERE method = CAST(?1 AS TEXT) AND taskhash >= CAST(?2 AS TEXT) ORDER BY taskhash LIMIT ${SLICE})`;
const OUTPUTS = `SELECT json_group_array(json_array(taskhash, outhash)) FROM (SELECT taskhash, outhash FROM outhashes_v2
  WHERE method = CAST(?1 AS TEXT) AND (taskhash, outhash) >= (CAST(?2 AS TEXT), CAST(?3 AS TEXT))
  ORDER BY taskhash, outhash LIMIT ${SLICE})`;
const NEW_EQUIVALENCES = `SELECT json_group_array(json_array(id, taskhash)) FROM
  (SELECT id, taskhash FROM unihashes_v3 WHERE id > ?1 ORDER BY id LIMIT ${SLICE})`;
const NEW_OUTPUTS = `SELECT json_group_array(json_array(id, taskhash, outhash)) FROM
  (SELECT id, taskhash, outhash FROM outhashes_v2 WHERE id > ?1 ORDER BY id LIMIT ${SLICE})`;

/**
 * Knows of most new reports that the tables have nothing to say to them, without a look at the tables: it has read all
 * taskhashes and outhashes, in slices, and reads those that come. Rows that go away make nothing wrong.
 */
export class KnownFilter {
  readonly #readLast: () => LastRows;
  /** Each does a slice. @returns whether that was the last one */
  readonly #walks: (() => boolean)[];
  readonly #readNew: () => boolean;
  readonly #most: number;
  #taskhashes = new TextFilter();
  #outhashes = new TextFilter();
  #timer: NodeJS.Timeout | undefined;
  /** The rows that are here: all up to these, once the walks are over. */
  #last: LastRows;
  #ready = false;
  #expecting = false;
  /** There are too many. */
  #givenUp = false;

  constructor(db: DatabaseSyncInstance, most = MOST) {
    this.#most = most;
    this.#readLast = prepareLastRows(db);
    this.#last = this.#readLast();
    this.#walks = [
      createWalk<[string]>(db, "unihashes_v3", EQUIVALENCES, [""], ([taskhash]) => this.#addTask(taskhash)),
      createWalk<[string, string]>(db, "outhashes_v2", OUTPUTS, ["", ""], (row) => this.#addOutput(...row)),
    ];
    this.#readNew = this.#prepareNew(db);
    this.#goOnIn(PAUSE_MS);
  }

  /** Whether the tables certainly have no row of this taskhash. */
  excludesTask(taskhash: string): boolean {
    return this.#ready && !this.#taskhashes.mayHave(taskhash);
  }

  /** Whether the tables certainly have no row with this output. */
  excludesOutput(outhash: string): boolean {
    return this.#ready && !this.#outhashes.mayHave(outhash);
  }

  /** Adds what will be in the tables. */
  add({ taskhash, outhash }: OutHashKey): void {
    this.#addOutput(taskhash, outhash);
  }

  /** Reads rows that have been added to the tables since, by whomever. */
  update(): void {
    if (!this.#ready || this.#expecting) return;
    const { equivalence, output } = this.#readLast();
    if (equivalence <= this.#last.equivalence && output <= this.#last.output) return;
    this.#ready = this.#readNew();
    if (!this.#ready && !this.#givenUp) this.#goOnIn(PAUSE_MS);
  }

  /** What is being written to the tables has been added here. */
  expect(): void {
    this.#expecting = true;
  }

  /** It is written; or it could not be, if nothing is told. */
  expected(written?: Written): void {
    this.#expecting = false;
    if (written === undefined || !this.#ready) return;
    const { before, after } = written;
    // If others have added rows before, these are not here.
    if (before.equivalence === this.#last.equivalence && before.output === this.#last.output) this.#last = after;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #addTask(taskhash: string): void {
    if (this.#givenUp) return;
    this.#taskhashes.add(taskhash);
    if (this.#taskhashes.size > this.#most) this.#giveUp();
  }

  #addOutput(taskhash: string, outhash: string): void {
    this.#addTask(taskhash);
    if (this.#givenUp) return;
    this.#outhashes.add(outhash);
    if (this.#outhashes.size > this.#most) this.#giveUp();
  }

  #giveUp(): void {
    this.#givenUp = true;
    this.#ready = false;
    this.#taskhashes = new TextFilter();
    this.#outhashes = new TextFilter();
    this.stop();
  }

  #prepareNew(db: DatabaseSyncInstance): () => boolean {
    const [equivalences, outputs] = [prepareText(db, NEW_EQUIVALENCES), prepareText(db, NEW_OUTPUTS)];
    return () => {
      const tasks = parseRows<[id: number, taskhash: string]>(equivalences(this.#last.equivalence));
      for (const [, taskhash] of tasks) this.#addTask(taskhash);
      const rows = parseRows<[id: number, taskhash: string, outhash: string]>(outputs(this.#last.output));
      for (const [, taskhash, outhash] of rows) this.#addOutput(taskhash, outhash);
      this.#last = {
        equivalence: tasks.at(-1)?.[0] ?? this.#last.equivalence,
        output: rows.at(-1)?.[0] ?? this.#last.output,
      };
      return tasks.length < SLICE && rows.length < SLICE && !this.#givenUp;
    };
  }

  #goOnIn(milliseconds: number): void {
    this.#timer = setTimeout(() => {
      try {
        this.#step();
        if (!this.#ready && !this.#givenUp) this.#goOnIn(PAUSE_MS);
      } catch {
        // What is wrong with the file is told to those who report.
        this.#goOnIn(RETRY_MS);
      }
    }, milliseconds).unref();
  }

  #step(): void {
    const walk = this.#walks[0];
    if (walk === undefined) this.#ready = this.#readNew();
    else if (walk()) this.#walks.shift();
  }
}

/** @returns what tells the last rows there are */
export function prepareLastRows(db: DatabaseSyncInstance): () => LastRows {
  const statement = prepareColumns(
    db,
    `SELECT ifnull((SELECT max(id) FROM unihashes_v3), 0), ifnull((SELECT max(id) FROM outhashes_v2), 0)`,
  );
  return () => {
    const [equivalence, output] = statement.get() as unknown as [number, number];
    return { equivalence, output };
  };
}

/**
 * Goes through a table, method by method, in the order of a key.
 *
 * @param sql gives rows of a method that follow a key
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
    const rows = parseRows<Key>(read(bound(method), ...key.map(bound)));
    for (const row of rows) add(row);
    // The last row is read again as the first of the next slice.
    key = rows.at(-1) ?? key;
    if (rows.length === SLICE) return false;
    method = parseMethod(findNext(bound(method)));
    key = first;
    return method === null;
  };
}

function parseRows<Row>(json: string | undefined): readonly Row[] {
  return JSON.parse(json ?? "[]") as readonly Row[];
}
