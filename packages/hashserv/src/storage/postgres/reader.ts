import type { EquivalenceKey, JoinedRow, OutHashRow } from "@depid/hashserv-protocol";
import type { MarkCounts, StorageReader, User } from "../storage.ts";
import {
  parseJoinedRow,
  parseOutHashRow,
  parseUser,
  RECORD,
  restored,
  stored,
  storedList,
  storedOrNull,
} from "./values.ts";

/** Runs a statement. @returns its rows, as arrays of text */
export type Query = (sql: string, ...values: readonly (string | number | null)[]) => Promise<Rows>;
export type Rows = readonly (readonly (string | null)[])[];

const FIND = "SELECT unihash FROM unihashes_v3 WHERE method = $1::text AND taskhash = $2::text";
const FIND_MANY = `SELECT u.unihash
  FROM ROWS FROM (json_array_elements_text($1::text::json), json_array_elements_text($2::text::json))
    WITH ORDINALITY AS asked (method, taskhash, n)
  LEFT JOIN unihashes_v3 u ON u.method = asked.method AND u.taskhash = asked.taskhash ORDER BY asked.n`;
const EXIST = `SELECT EXISTS (SELECT 1 FROM unihashes_v3 u WHERE u.unihash = asked.depid)::text
  FROM json_array_elements_text($1::text::json) WITH ORDINALITY AS asked (depid, n) ORDER BY asked.n`;
const JOINED = `SELECT ${RECORD}, u.unihash, u.gc_mark FROM outhashes_v2 o
  JOIN unihashes_v3 u ON u.method = o.method AND u.taskhash = o.taskhash`;
const OLDEST_FIRST = "ORDER BY o.created NULLS FIRST, o.id LIMIT 1";
const OLDEST_OF_TASK = `${JOINED} WHERE o.method = $1::text AND o.taskhash = $2::text ${OLDEST_FIRST}`;
const OLDEST_OF_OUTPUT = `${JOINED} WHERE o.method = $1::text AND o.outhash = $2::text
  AND o.taskhash IS DISTINCT FROM $3::text ${OLDEST_FIRST}`;
const OLDEST_RECORD = `SELECT ${RECORD} FROM outhashes_v2 o WHERE o.method = $1::text AND o.outhash = $2::text
  ${OLDEST_FIRST}`;
const COUNT_MARKS = `SELECT count(*) FILTER (WHERE gc_mark = $1::text)::text,
  count(*) FILTER (WHERE gc_mark <> $1::text)::text FROM unihashes_v3`;
const TABLES = `SELECT quote_ident(relname), relname FROM pg_class
  WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace`;
const USERS = "SELECT username, token, permissions FROM users";

/** The reading half of the storage port. */
export class PostgresReader implements StorageReader {
  protected readonly query: Query;
  readonly #queryLong: Query;

  /** @param queryLong runs statements that take long, so that they hold up no others */
  constructor(query: Query, queryLong = query) {
    this.query = query;
    this.#queryLong = queryLong;
  }

  async findDepIds(keys: readonly EquivalenceKey[]): Promise<readonly (string | undefined)[]> {
    const [first] = keys;
    if (first === undefined) return [];
    const methods = keys.map(({ method }) => method);
    const taskhashes = keys.map(({ taskhash }) => taskhash);
    const rows =
      keys.length === 1
        ? await this.query(FIND, stored(first.method), stored(first.taskhash))
        : await this.query(FIND_MANY, storedList(methods), storedList(taskhashes));
    return keys.map((_, i) => {
      const depid = rows[i]?.[0];
      return typeof depid === "string" ? restored(depid) : undefined;
    });
  }

  async depIdsExist(depids: readonly string[]): Promise<readonly boolean[]> {
    const rows = depids.length === 0 ? [] : await this.query(EXIST, storedList(depids));
    return rows.map(([exists]) => exists === "true");
  }

  async findOldestOfTask({ method, taskhash }: EquivalenceKey): Promise<JoinedRow | undefined> {
    const [row] = await this.query(OLDEST_OF_TASK, stored(method), stored(taskhash));
    return row && parseJoinedRow(row);
  }

  async findOldestOfOutput(method: string, outhash: string, except?: string): Promise<JoinedRow | undefined> {
    const [row] = await this.query(OLDEST_OF_OUTPUT, stored(method), stored(outhash), storedOrNull(except));
    return row && parseJoinedRow(row);
  }

  async findOldestRecord(method: string, outhash: string): Promise<OutHashRow | undefined> {
    const [row] = await this.query(OLDEST_RECORD, stored(method), stored(outhash));
    return row && parseOutHashRow(row);
  }

  async findMark(): Promise<string | undefined> {
    const [row] = await this.query("SELECT value FROM config WHERE name = 'gc-mark'");
    return typeof row?.[0] === "string" ? restored(row[0]) : undefined;
  }

  async countMarks(mark: string): Promise<MarkCounts> {
    const [row] = await this.#queryLong(COUNT_MARKS, stored(mark));
    return { equal: Number(row?.[0]), other: Number(row?.[1]) };
  }

  /** The tables of the schema, those of other programs included. */
  async countRows(): Promise<ReadonlyMap<string, number>> {
    const counts = new Map<string, number>();
    for (const [table, name] of await this.#queryLong(TABLES)) {
      const [row] = await this.#queryLong(`SELECT count(*)::text FROM ${table}`);
      counts.set(name ?? "", Number(row?.[0]));
    }
    return counts;
  }

  async findUser(username: string): Promise<User | undefined> {
    const [row] = await this.query(`${USERS} WHERE username = $1::text`, stored(username));
    return row && parseUser(row);
  }

  async listUsers(): Promise<readonly User[]> {
    return (await this.query(`${USERS} ORDER BY id`)).map(parseUser);
  }
}
