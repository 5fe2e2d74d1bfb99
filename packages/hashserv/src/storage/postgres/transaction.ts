import type { Equivalence, OutHashKey } from "@depid/hashserv-protocol";
import type { Clock } from "../../clock.ts";
import type { KnownOfReport } from "../../rule/report-rule.ts";
import type { KnownInTables } from "../decide-pending.ts";
import type { DecidedReport } from "../pending-rows.ts";
import type {
  EquivalenceConditions,
  NewOutHashRow,
  OutHashConditions,
  Slice,
  SliceDone,
  StorageTransaction,
  User,
} from "../storage.ts";
import { PostgresReader, type Query } from "./reader.ts";
import {
  CREATED,
  parseCreated,
  restored,
  stored,
  storedList,
  storedOrNull,
  storedTime,
  timeParameter,
} from "./values.ts";

// A row that is there is looked for first: a conflict would use up a row number. "|| ''" has it looked for among the
// outputs of its task; PostgreSQL takes it for equally cheap to look among the tasks of its output, which may be millions.
const INSERT_OUTHASH = `INSERT INTO outhashes_v2
  (method, taskhash, outhash, created, owner, "PN", "PV", "PR", task, outhash_siginfo)
  SELECT $1::text, $2::text, $3::text, ${timeParameter(4)}, $5::text, $6::text, $7::text, $8::text, $9::text, $10::text
  WHERE NOT EXISTS (SELECT 1 FROM outhashes_v2 WHERE method = $1::text AND taskhash = $2::text AND outhash || '' = $3::text)
  ON CONFLICT DO NOTHING`;
const OF_TASK = "method = $1::text AND taskhash = $2::text";
const FIND_KNOWN = `SELECT (SELECT unihash FROM unihashes_v3 WHERE ${OF_TASK}),
  EXISTS (SELECT 1 FROM outhashes_v2 WHERE ${OF_TASK} AND outhash || '' = $3::text)::text,
  (SELECT u.unihash FROM outhashes_v2 o JOIN unihashes_v3 u ON u.method = o.method AND u.taskhash = o.taskhash
    WHERE o.method = $1::text AND o.outhash = $3::text AND o.taskhash <> $2::text
    ORDER BY o.created NULLS FIRST, o.id LIMIT 1)`;
// Asked for many reports. Where EXISTS is asked for many rows, PostgreSQL may take a look at the whole table.
const FIND_IN_TABLES = `SELECT
  (SELECT u.unihash FROM unihashes_v3 u WHERE u.method = asked.method AND u.taskhash = asked.taskhash),
  (SELECT 'true' FROM outhashes_v2 o WHERE o.method = asked.method AND o.taskhash = asked.taskhash
    AND o.outhash || '' = asked.outhash LIMIT 1),
  (SELECT 'true' FROM outhashes_v2 o WHERE o.method = asked.method AND o.taskhash = asked.taskhash LIMIT 1),
  oldest.created, oldest.unihash
  FROM ROWS FROM (json_array_elements_text($1::text::json), json_array_elements_text($2::text::json),
    json_array_elements_text($3::text::json)) WITH ORDINALITY AS asked (method, taskhash, outhash, n)
  LEFT JOIN LATERAL (SELECT ${CREATED} AS created, u.unihash FROM outhashes_v2 o
    JOIN unihashes_v3 u ON u.method = o.method AND u.taskhash = o.taskhash
    WHERE o.method = asked.method AND o.outhash = asked.outhash AND o.taskhash <> asked.taskhash
    ORDER BY o.created NULLS FIRST, o.id LIMIT 1) AS oldest ON true
  ORDER BY asked.n`;
const INSERT_OUTHASHES = `INSERT INTO outhashes_v2
  (method, taskhash, outhash, created, owner, "PN", "PV", "PR", task, outhash_siginfo)
  SELECT r->>0, r->>1, r->>2, (r->>3)::timestamptz AT TIME ZONE 'UTC', r->>4, r->>5, r->>6, r->>7, r->>8, r->>9
  FROM jsonb_array_elements($1::text::jsonb) WITH ORDINALITY AS rows (r, n) ORDER BY n
  ON CONFLICT DO NOTHING`;
const INSERT_EQUIVALENCES = `INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark)
  SELECT r->>0, r->>1, r->>2, coalesce((SELECT value FROM config WHERE name = 'gc-mark'), '')
  FROM jsonb_array_elements($1::text::jsonb) WITH ORDINALITY AS rows (r, n) ORDER BY n
  ON CONFLICT DO NOTHING`;
const INSERT_EQUIVALENCE = `INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark)
  SELECT $1::text, $2::text, $3::text, coalesce((SELECT value FROM config WHERE name = 'gc-mark'), '')
  WHERE NOT EXISTS (SELECT 1 FROM unihashes_v3 WHERE method = $1::text AND taskhash = $2::text)
  ON CONFLICT DO NOTHING`;
const SET_MARK = `INSERT INTO config (name, value) VALUES ('gc-mark', $1::text)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value`;
const INSERT_USER = `INSERT INTO users (username, token, permissions) VALUES ($1::text, $2::text, $3::text)
  ON CONFLICT DO NOTHING RETURNING username`;
const UPDATE_USER = `UPDATE users SET token = coalesce($2::text, token), permissions = coalesce($3::text, permissions)
  WHERE username = $1::text RETURNING username`;
const REMOVE_USER = "DELETE FROM users WHERE username = $1::text RETURNING username";
const IS_UNUSED =
  "NOT EXISTS (SELECT 1 FROM unihashes_v3 u WHERE u.method = outhashes_v2.method AND u.taskhash = outhashes_v2.taskhash)";

/** What a column of a condition is called in the database, where not as with us. */
const COLUMNS: Readonly<Record<string, string>> = {
  depid: "unihash",
  mark: "gc_mark",
  outhashSiginfo: "outhash_siginfo",
  PN: '"PN"',
  PV: '"PV"',
  PR: '"PR"',
};

type Table = "unihashes_v3" | "outhashes_v2";

/**
 * Both halves of the storage port, on the connection that has a transaction open. Statements are carried out in the order
 * they are sent, so those that tell nothing are not waited for. When one fails, so do all behind it, the commit at last.
 */
export class PostgresTransaction extends PostgresReader implements StorageTransaction {
  readonly #clock: Clock;
  readonly #sent: Promise<unknown>[] = [];

  constructor(query: Query, clock: Clock) {
    super(query);
    this.#clock = clock;
  }

  /** Waits for what was sent. @throws the first failure among it, which is why those behind it failed */
  async finish(): Promise<void> {
    await Promise.all(this.#sent);
  }

  #send(...args: Parameters<Query>): void {
    const sent = this.query(...args);
    sent.catch(() => {});
    this.#sent.push(sent);
  }

  async findKnown({ method, taskhash, outhash }: OutHashKey): Promise<KnownOfReport> {
    const [row] = await this.query(FIND_KNOWN, stored(method), stored(taskhash), stored(outhash));
    const [depid, recorded, equal] = row ?? [];
    return { depid: restoredOrNone(depid), recorded: recorded === "true", equal: restoredOrNone(equal) };
  }

  /** What `decidePending` needs to know of each report, in one statement. */
  async findInTables(reports: readonly OutHashKey[]): Promise<readonly KnownInTables[]> {
    const columns = [
      reports.map((one) => one.method),
      reports.map((one) => one.taskhash),
      reports.map((one) => one.outhash),
    ];
    const rows = await this.query(FIND_IN_TABLES, ...columns.map(storedList));
    return rows.map(([depid, recorded, anyRecorded, created = null, oldest]) => ({
      depid: restoredOrNone(depid),
      recorded: recorded === "true",
      anyRecorded: anyRecorded === "true",
      oldest: typeof oldest === "string" ? { created: parseCreated(created), depid: restored(oldest) } : undefined,
    }));
  }

  /** Adds rows that were decided on, in order; those that are there already are left as they are. */
  insertDecided(outputs: readonly DecidedReport[], equivalences: readonly Equivalence[]): void {
    const rows = outputs.map(({ method, taskhash, outhash, created, details }) => {
      const { owner, PN, PV, PR, task, outhashSiginfo } = details;
      return [method, taskhash, outhash, storedTime(created), owner, PN, PV, PR, task, outhashSiginfo];
    });
    if (rows.length > 0) this.#send(INSERT_OUTHASHES, storedList(rows));
    const pairs = equivalences.map(({ method, taskhash, depid }) => [method, taskhash, depid]);
    if (pairs.length > 0) this.#send(INSERT_EQUIVALENCES, storedList(pairs));
  }

  async insertOutHash({ method, taskhash, outhash, created, details }: NewOutHashRow): Promise<void> {
    const { owner, PN, PV, PR, task, outhashSiginfo } = details;
    const time = storedTime(created === undefined ? this.#clock() : created);
    const rest = [owner, PN, PV, PR, task, outhashSiginfo].map(storedOrNull);
    this.#send(INSERT_OUTHASH, stored(method), stored(taskhash), stored(outhash), time, ...rest);
  }

  async insertEquivalence({ method, taskhash, depid }: Equivalence): Promise<void> {
    this.#send(INSERT_EQUIVALENCE, stored(method), stored(taskhash), stored(depid));
  }

  async setMark(mark: string | undefined): Promise<void> {
    await this.query(SET_MARK, storedOrNull(mark));
  }

  async insertUser({ username, token, permissions }: User): Promise<boolean> {
    const rows = await this.query(INSERT_USER, stored(username), stored(token), stored(permissions.join(" ")));
    return rows.length > 0;
  }

  async updateUser(username: string, { token, permissions }: Partial<User>): Promise<boolean> {
    const words = storedOrNull(permissions?.join(" "));
    return (await this.query(UPDATE_USER, stored(username), storedOrNull(token), words)).length > 0;
  }

  async removeUser(username: string): Promise<boolean> {
    return (await this.query(REMOVE_USER, stored(username))).length > 0;
  }

  async markEquivalences(where: EquivalenceConditions, mark: string, slice: Slice): Promise<SliceDone> {
    const change = (n: number) => `UPDATE unihashes_v3 SET gc_mark = $${n}::text`;
    return this.#changeWhere("unihashes_v3", change, [stored(mark)], where, slice);
  }

  async removeEquivalences(where: EquivalenceConditions, slice: Slice): Promise<SliceDone> {
    return this.#changeWhere("unihashes_v3", () => "DELETE FROM unihashes_v3", [], where, slice);
  }

  async removeOutHashes(where: OutHashConditions, slice: Slice): Promise<SliceDone> {
    return this.#changeWhere("outhashes_v2", () => "DELETE FROM outhashes_v2", [], where, slice);
  }

  async removeUnmarked(mark: string, slice: Slice): Promise<SliceDone> {
    return this.#walk("unihashes_v3", "DELETE FROM unihashes_v3", "gc_mark <> $3::text", [stored(mark)], slice);
  }

  async removeUnused(before: string, slice: Slice): Promise<SliceDone> {
    const isOld = `created < ${timeParameter(3)} AND ${IS_UNUSED}`;
    return this.#walk("outhashes_v2", "DELETE FROM outhashes_v2", isOld, [storedTime(before)], slice);
  }

  /** Changes rows for which conditions hold: found by an index, if there is one for them, else one after the other. */
  async #changeWhere(
    table: Table,
    change: (n: number) => string,
    values: readonly string[],
    where: Readonly<Record<string, string>>,
    slice: Slice,
  ): Promise<SliceDone> {
    const columns = Object.keys(where).sort();
    const first = 3 + values.length;
    const holds = columns.map((column, i) => `${COLUMNS[column] ?? column} = ${parameter(column, first + i)}`);
    const texts = columns.map((column) => textOf(column, where[column] ?? ""));
    const all = [...values, ...texts];
    if (!isFound(where)) return this.#walk(table, change(3), holds.join(" AND "), all, slice);
    // "+ 0" keeps it from walking along the row numbers to the few that are wanted.
    const chosen = `SELECT id FROM ${table} WHERE ${holds.join(" AND ")} AND id > $1::bigint ORDER BY id + 0 LIMIT $2::int`;
    return this.#change(chosen, `${change(3)} WHERE id IN (SELECT id FROM slice)`, all, slice);
  }

  /** Looks at as many rows as the slice allows. */
  #walk(table: Table, change: string, holds: string, values: readonly (string | null)[], slice: Slice) {
    const chosen = `SELECT id FROM ${table} WHERE id > $1::bigint ORDER BY id LIMIT $2::int`;
    return this.#change(chosen, `${change} WHERE id IN (SELECT id FROM slice) AND ${holds}`, values, slice);
  }

  async #change(
    chosen: string,
    change: string,
    values: readonly (string | null)[],
    { after, limit }: Slice,
  ): Promise<SliceDone> {
    const [row] = await this.query(
      `WITH slice AS MATERIALIZED (${chosen}), changed AS (${change} RETURNING 1)
       SELECT (SELECT count(*) FROM changed)::text, count(*)::text, max(id)::text FROM slice`,
      after,
      limit,
      ...values,
    );
    const [changed, looked, last] = row ?? [];
    return { count: Number(changed), next: Number(looked) === limit ? Number(last) : undefined };
  }
}

function parameter(column: string, n: number): string {
  return column === "created" ? timeParameter(n) : `$${n}::text`;
}

function textOf(column: string, text: string): string | null {
  return column === "created" ? storedTime(text) : stored(text);
}

/** Whether an index finds the rows: `unihash_lookup_v1`, or one that begins with the method. */
function isFound(where: Readonly<Record<string, string>>): boolean {
  return where.depid !== undefined || (where.method !== undefined && (where.taskhash ?? where.outhash) !== undefined);
}

function restoredOrNone(text: string | null | undefined): string | undefined {
  return text === null || text === undefined ? undefined : restored(text);
}
