import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import { DIGEST_BYTES } from "../cache/digest.ts";
import type { SqliteCache } from "./cache.ts";
import { prepareColumns } from "./values.ts";

/** Rows read in one go, which takes about a millisecond, and milliseconds until the next. */
const SLICE = 1_000;
const PAUSE_MS = 1;
/** Milliseconds between looks whether the cache was emptied. */
const QUIET_MS = 5_000;
/** A cache that others empty all the time is filled in vain: that takes one part in so many of our time, not more. */
const SHARE = 20;

/** Each row as taskhash, depid, and method in one text. What has other lengths is no pair of digests: it is not kept. */
const ROWS = `SELECT count(*), min(id),
  json_group_array(taskhash || unihash || method) FILTER (WHERE octet_length(taskhash) = ${DIGEST_BYTES * 2}
    AND octet_length(unihash) = ${DIGEST_BYTES * 2})
  FROM (SELECT id, method, taskhash, unihash FROM unihashes_v3 WHERE id < ?1 ORDER BY id DESC LIMIT ${SLICE})`;
type Rows = readonly [count: number, first: number | null, json: string];

/** Fills the cache with what the database has, the latest first, a little at a time; again when all was forgotten. */
export class SqlitePreloader {
  readonly #cache: SqliteCache;
  readonly #failed: (error: unknown) => void;
  readonly #read: (before: number) => Rows;
  #timer: NodeJS.Timeout;
  #timesForgotten: number;
  /** Rows from this number on are read. */
  #before = Number.MAX_SAFE_INTEGER;
  #complete = false;
  /** Milliseconds that reading has taken since the cache was empty. */
  #spent = 0;

  /** @param failed told what reading has thrown */
  constructor(db: DatabaseSyncInstance, cache: SqliteCache, failed: (error: unknown) => void = () => {}) {
    const statement = prepareColumns(db, ROWS);
    this.#read = (before) => statement.get(before) as unknown as Rows;
    this.#cache = cache;
    this.#failed = failed;
    this.#timesForgotten = cache.timesForgotten;
    this.#timer = this.#goOnIn(PAUSE_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #goOnIn(milliseconds: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = this.#goOnIn(this.#tryStep());
    }, milliseconds).unref();
  }

  #tryStep(): number {
    try {
      return this.#step();
    } catch (error) {
      this.#failed(error);
      return QUIET_MS;
    }
  }

  /** @returns milliseconds until the next step */
  #step(): number {
    this.#cache.check();
    if (this.#timesForgotten !== this.#cache.timesForgotten) return this.#beginAnew();
    if (this.#complete || this.#cache.filled) return QUIET_MS;
    const start = performance.now();
    const [count, first, json] = this.#read(this.#before);
    for (const text of JSON.parse(json) as string[]) this.#cache.add(parseRow(text));
    this.#complete = count < SLICE;
    this.#before = first ?? 0;
    this.#spent += performance.now() - start;
    return PAUSE_MS;
  }

  #beginAnew(): number {
    const pause = Math.max(QUIET_MS, this.#spent * SHARE);
    this.#timesForgotten = this.#cache.timesForgotten;
    this.#before = Number.MAX_SAFE_INTEGER;
    this.#complete = false;
    this.#spent = 0;
    return pause;
  }
}

function parseRow(text: string) {
  const [taskhash, depid] = [text.slice(0, 2 * DIGEST_BYTES), text.slice(2 * DIGEST_BYTES, 4 * DIGEST_BYTES)];
  return { method: text.slice(4 * DIGEST_BYTES), taskhash, depid };
}
