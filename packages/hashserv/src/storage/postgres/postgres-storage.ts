import pg from "pg";
import { type Clock, createClock } from "../../clock.ts";
import { isLost, StorageError } from "../../errors.ts";
import { GroupCommit } from "../group-commit.ts";
import type { Durability, Storage } from "../storage.ts";
import { type PostgresAddress, type PostgresLogin, readAddress } from "./address.ts";
import { PostgresConnection } from "./connection.ts";
import { PostgresReader, type Query } from "./reader.ts";
import { recordTogether } from "./record-together.ts";
import { ReportCalls } from "./report-calls.ts";
import { SCHEMA } from "./schema.ts";
import { measureTables } from "./size.ts";
import { PostgresTransaction } from "./transaction.ts";

/** Connections for look-ups. One more writes, and one is for what takes long. */
const READERS = 4;
/** Milliseconds of work under one commit. */
const MAX_MS = 40;
const SILENCE_MS = 30_000;
/** The same where counting millions of rows, or making an index of them, may take long. */
const LONG_SILENCE_MS = 3_600_000;
/** Milliseconds that the database has to say that it is well. */
const CHECK_MS = 5_000;
/** Whoever writes has this lock, in whatever process: one after the other (section 9). */
const LOCK = "SELECT pg_advisory_xact_lock(1684367465, 1751217011)";
const CHECK = "SELECT current_setting('transaction_read_only') FROM (SELECT max(id) FROM unihashes_v3) AS any_row";

export interface PostgresOptions extends PostgresLogin {
  readonly clock?: Clock;
  /** `synchronous_commit`: `full` on, `off` off; `normal` as the database has it. */
  readonly durability?: Durability | undefined;
  /** Whether the tables are there, and nothing is written. Transactions fail. */
  readonly readOnly?: boolean;
  /** Milliseconds without an answer after which a connection is given up. No lock is held for so long by one of us. */
  readonly silenceMs?: number;
}

/**
 * Opens a database of a PostgreSQL server, 12 or later, and creates what is missing in it. Any number of processes may
 * use it at once. Nothing is kept in memory. When the server goes away, what is asked fails until it is back.
 *
 * @param address as `readAddress` takes it
 * @throws {StorageError}
 */
export async function openPostgresStorage(address: string, options: PostgresOptions = {}): Promise<Storage> {
  const { readOnly = false, silenceMs = SILENCE_MS } = options;
  const at = withSettings(readAddress(address, options), options);
  const readers = Array.from({ length: READERS }, () => new PostgresConnection({ address: at, silenceMs }));
  const long = new PostgresConnection({ address: at, silenceMs: LONG_SILENCE_MS });
  const writer = new PostgresConnection({ address: at, silenceMs });
  const close = async () => void (await Promise.all([...readers, long, writer].map((one) => one.close())));
  try {
    const { run } = await long.open();
    if (!readOnly) await run(`BEGIN; ${LOCK}; ${SCHEMA} COMMIT`);
  } catch (cause) {
    await close();
    if (!(cause instanceof StorageError || cause instanceof pg.DatabaseError)) throw cause;
    throw new StorageError(`cannot open the database ${at.name}: ${cause.message}`, { cause });
  }
  const clock = options.clock ?? createClock();
  const query = inTurn(readers);
  const queue = new GroupCommit({ commit: createCommit(writer, clock), maxMs: MAX_MS });
  const reports = new ReportCalls((take) => queue.transaction((rows) => recordTogether(rows, take(), clock)));
  let closed = false;
  const refuse = () => {
    if (readOnly) throw new StorageError("the database was opened for reading alone");
    if (closed) throw new StorageError("the database is closed");
  };
  return {
    read: new PostgresReader(query, long.query),
    async transaction(work) {
      refuse();
      reports.end();
      return queue.transaction(work);
    },
    async recordReports(all) {
      refuse();
      return reports.add(all);
    },
    sizeInBytes: () => measureTables(query),
    check: () => within(CHECK_MS, checkTables(query, readOnly)),
    async close() {
      closed = true;
      await queue.idle();
      await close();
    },
  };
}

function withSettings(address: PostgresAddress, { durability = "normal" }: PostgresOptions): PostgresAddress {
  const synchronous = durability === "normal" ? {} : { synchronous_commit: durability === "full" ? "on" : "off" };
  return { ...address, settings: { ...address.settings, TimeZone: "UTC", ...synchronous } };
}

/** Statements go to one connection after the other. */
function inTurn(connections: readonly PostgresConnection[]): Query {
  let turn = 0;
  return (...statement) => {
    turn = (turn + 1) % connections.length;
    return (connections[turn] as PostgresConnection).query(...statement);
  };
}

/** @returns what runs work in a transaction. Nothing is waited for that is not asked for: beginning takes no round trip */
function createCommit(writer: PostgresConnection, clock: Clock) {
  return async (work: (rows: PostgresTransaction) => Promise<void>): Promise<void> => {
    const { run } = await writer.open();
    const begun = Promise.all([run("BEGIN"), run(LOCK)]);
    begun.catch(() => {});
    const rows = new PostgresTransaction(async (...statement) => (await run(...statement)).rows, clock);
    try {
      await work(rows);
      const [, , { command }] = await Promise.all([begun, rows.finish(), run("COMMIT")]);
      if (command !== "COMMIT") throw new StorageError("the database has taken the transaction back");
    } catch (error) {
      if (!isLost(error)) await run("ROLLBACK").catch(() => {});
      // What failed first is the reason.
      await begun;
      await rows.finish();
      throw error;
    }
  };
}

/** @throws {StorageError} when the tables cannot be read, or not written where that is wanted */
async function checkTables(query: Query, readOnly: boolean): Promise<void> {
  const [row] = await query(CHECK);
  if (!readOnly && row?.[0] === "on") throw new StorageError("the database takes nothing in: it is read-only");
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const say = () => reject(new StorageError(`the database has not answered for ${milliseconds / 1000} s`));
    timer = setTimeout(say, milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
