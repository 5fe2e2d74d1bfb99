import type { EquivalenceKey, JoinedRow, OutHashRow } from "@depid/hashserv-protocol";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { MarkCounts, StorageReader, User } from "../storage.ts";
import type { SqliteCache } from "./cache.ts";
import { countMarks, countRows } from "./counts.ts";
import {
  bound,
  type JoinedColumns,
  parseJoinedRow,
  parseOutHashRow,
  parseUser,
  prepareText,
  prepareTextAndBytes,
  prepareTexts,
  type RecordColumns,
} from "./values.ts";

/** Rows asked for in one statement, which takes half the time of a statement each. */
const BATCH = 512;
const FIND_ONE = "SELECT unihash FROM unihashes_v3 WHERE method = CAST(?1 AS TEXT) AND taskhash = CAST(?2 AS TEXT)";
const FIND_MANY = `SELECT json_group_array((SELECT unihash FROM unihashes_v3 WHERE method = ?1 AND taskhash = asked.value))
  FROM json_each(?2) AS asked`;
/** Any key that has a depid. */
const KEY_ONE = "SELECT json_array(method, taskhash) FROM unihashes_v3 WHERE unihash = CAST(?1 AS TEXT) LIMIT 1";
const KEY_MANY = `SELECT json_group_array(json(
    (SELECT json_array(method, taskhash) FROM unihashes_v3 WHERE unihash = asked.value LIMIT 1)))
  FROM json_each(?1) AS asked`;
type Key = readonly [method: string, taskhash: string];

/** The columns of a row are asked for as one JSON text, and bytes: the driver would cut text at a NUL. */
const RECORD = "o.id, o.method, o.taskhash, o.outhash, o.created, o.owner, o.PN, o.PV, o.PR, o.task";
const SIGINFO = "CAST(o.outhash_siginfo AS BLOB)";
const JOINED = `SELECT json_array(${RECORD}, u.unihash, u.gc_mark), ${SIGINFO} FROM outhashes_v2 o
  CROSS JOIN unihashes_v3 u ON u.method = o.method AND u.taskhash = o.taskhash`;
const OLDEST_OF_TASK = `${JOINED} WHERE o.method = CAST(?1 AS TEXT) AND o.taskhash = CAST(?2 AS TEXT)
  ORDER BY o.created, o.id LIMIT 1`;
/** Walks `outhash_lookup_v3` in order of age and stops at the first row that will do. */
const OLDEST_OF_OUTPUT = `${JOINED} WHERE o.method = CAST(?1 AS TEXT) AND o.outhash = CAST(?2 AS TEXT)
  AND o.taskhash IS NOT CAST(?3 AS TEXT) ORDER BY o.created, o.id LIMIT 1`;
const OLDEST_RECORD = `SELECT json_array(${RECORD}), ${SIGINFO} FROM outhashes_v2 o
  WHERE o.method = CAST(?1 AS TEXT) AND o.outhash = CAST(?2 AS TEXT) ORDER BY o.created, o.id LIMIT 1`;
/** A mark may have a NUL, too. */
const FIND_MARK = "SELECT json_array(value) FROM config WHERE name = 'gc-mark'";
const USERS = "SELECT json_array(username, token, permissions) FROM users";

export interface ReaderOptions {
  /** Of what is committed; none for whoever is to see more than that. */
  readonly cache?: SqliteCache | undefined;
  /** Told what a query has thrown. */
  readonly failed?: ((error: unknown) => void) | undefined;
}

/** The reading half of the storage port, on one connection. SQLite is within this process: there is nothing to wait for. */
export class SqliteReader implements StorageReader {
  readonly #db: DatabaseSyncInstance;
  readonly #cache: SqliteCache | undefined;
  readonly #findOne;
  readonly #findMany;
  readonly #keyOne;
  readonly #keyMany;
  readonly #oldestOfTask;
  readonly #oldestOfOutput;
  readonly #oldestRecord;
  readonly #findMark;
  readonly #findUser;
  readonly #listUsers;

  constructor(db: DatabaseSyncInstance, { cache, failed }: ReaderOptions = {}) {
    const prepare = (sql: string) => prepareText(db, sql, failed);
    this.#db = db;
    this.#cache = cache;
    this.#findOne = prepare(FIND_ONE);
    this.#findMany = prepare(FIND_MANY);
    this.#keyOne = prepare(KEY_ONE);
    this.#keyMany = prepare(KEY_MANY);
    this.#oldestOfTask = prepareTextAndBytes(db, OLDEST_OF_TASK, failed);
    this.#oldestOfOutput = prepareTextAndBytes(db, OLDEST_OF_OUTPUT, failed);
    this.#oldestRecord = prepareTextAndBytes(db, OLDEST_RECORD, failed);
    this.#findMark = prepare(FIND_MARK);
    this.#findUser = prepare(`${USERS} WHERE username = CAST(?1 AS TEXT)`);
    this.#listUsers = prepareTexts(db, `${USERS} ORDER BY id`, failed);
  }

  findDepIds(keys: readonly EquivalenceKey[]): readonly (string | undefined)[] {
    if (this.#cache === undefined) return this.#selectDepIds(keys);
    this.#cache.check();
    const found = this.#cache.findAll(keys);
    if (!found.includes(undefined)) return found;
    const missing = keys.filter((_, i) => found[i] === undefined);
    const depids = this.#selectDepIds(missing);
    missing.forEach((key, i) => {
      const depid = depids[i];
      if (depid !== undefined) this.#cache?.add({ ...key, depid });
    });
    let at = 0;
    return missing.length === keys.length ? depids : found.map((depid) => depid ?? depids[at++]);
  }

  depIdsExist(depids: readonly string[]): readonly boolean[] {
    const cache = this.#cache;
    if (cache === undefined) return this.#selectKeys(depids).map((key) => key !== null);
    cache.check();
    const exist = cache.existAll(depids);
    if (!exist.includes(false)) return exist;
    const missing = depids.filter((_, i) => !exist[i]);
    const keys = this.#selectKeys(missing);
    missing.forEach((depid, i) => {
      const [method, taskhash] = keys[i] ?? [];
      if (method !== undefined && taskhash !== undefined) cache.add({ method, taskhash, depid });
    });
    let at = 0;
    return exist.map((known) => known || keys[at++] !== null);
  }

  findOldestOfTask({ method, taskhash }: EquivalenceKey): JoinedRow | undefined {
    return parseFound(this.#oldestOfTask(bound(method), bound(taskhash)), parseJoinedRow);
  }

  findOldestOfOutput(method: string, outhash: string, except?: string): JoinedRow | undefined {
    const other = except === undefined ? null : bound(except);
    return parseFound(this.#oldestOfOutput(bound(method), bound(outhash), other), parseJoinedRow);
  }

  findOldestRecord(method: string, outhash: string): OutHashRow | undefined {
    return parseFound(this.#oldestRecord(bound(method), bound(outhash)), parseOutHashRow);
  }

  findMark(): string | undefined {
    const [mark] = JSON.parse(this.#findMark() ?? "[]") as [string | null] | [];
    return mark ?? undefined;
  }

  async countMarks(mark: string): Promise<MarkCounts> {
    return countMarks(this.#db, mark);
  }

  async countRows(): Promise<ReadonlyMap<string, number>> {
    return countRows(this.#db);
  }

  findUser(username: string): User | undefined {
    const found = this.#findUser(bound(username));
    return found === undefined ? undefined : parseUser(found);
  }

  listUsers(): readonly User[] {
    return this.#listUsers().map(parseUser);
  }

  #selectDepIds(keys: readonly EquivalenceKey[]): readonly (string | undefined)[] {
    const found: (string | undefined)[] = [];
    for (let at = 0; at < keys.length; ) {
      const run = countOfOneMethod(keys, at);
      const { method, taskhash } = keys[at] as EquivalenceKey;
      if (run === 1) {
        found.push(this.#findOne(bound(method), bound(taskhash)));
      } else {
        const asked = keys.slice(at, at + run).map((key) => key.taskhash);
        const answer = JSON.parse(this.#findMany(method, JSON.stringify(asked)) ?? "[]") as (string | null)[];
        for (const depid of answer) found.push(depid ?? undefined);
      }
      at += run;
    }
    return found;
  }

  #selectKeys(depids: readonly string[]): readonly (Key | null)[] {
    if (depids.length === 1 || depids.some(hasNul)) {
      return depids.map((depid) => JSON.parse(this.#keyOne(bound(depid)) ?? "null") as Key | null);
    }
    const found: (Key | null)[] = [];
    for (let at = 0; at < depids.length; at += BATCH) {
      const answer = this.#keyMany(JSON.stringify(depids.slice(at, at + BATCH))) ?? "[]";
      for (const key of JSON.parse(answer) as (Key | null)[]) found.push(key);
    }
    return found;
  }
}

function parseFound<Columns extends RecordColumns | JoinedColumns, Row>(
  found: readonly [json: string, siginfo: Uint8Array | null] | undefined,
  parse: (columns: Columns, siginfo: Uint8Array | null) => Row,
): Row | undefined {
  return found && parse(JSON.parse(found[0]) as Columns, found[1]);
}

/** How many keys from `at` on can be asked for in one statement: those of one method, and no NUL among them. */
function countOfOneMethod(keys: readonly EquivalenceKey[], at: number): number {
  const method = keys[at]?.method ?? "";
  if (hasNul(method)) return 1;
  let end = at;
  while (end < keys.length && end - at < BATCH) {
    const key = keys[end] as EquivalenceKey;
    if (key.method !== method || hasNul(key.taskhash)) break;
    end++;
  }
  return Math.max(end - at, 1);
}

function hasNul(text: string): boolean {
  return text.includes("\0");
}
