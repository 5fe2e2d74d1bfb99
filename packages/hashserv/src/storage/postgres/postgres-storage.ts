import postgres from "postgres";
import { type Clock, createClock } from "../../clock.ts";
import { StorageError } from "../../errors.ts";
import { GroupCommit } from "../group-commit.ts";
import { recordReports } from "../record-reports.ts";
import type { Durability, Storage, StorageTransaction } from "../storage.ts";
import { PostgresReader, type Query } from "./reader.ts";
import { SCHEMA } from "./schema.ts";
import { measureTables } from "./size.ts";
import { PostgresTransaction } from "./transaction.ts";

/** Connections for look-ups. One more writes. */
const READERS = 4;
/** Milliseconds of work under one commit. */
const MAX_MS = 40;
/** Seconds to wait for a connection. */
const CONNECT_S = 10;
/** Whoever writes has this lock, in whatever process: one after the other (section 9). */
const LOCK = "SELECT pg_advisory_xact_lock(1684367465, 1751217011)";

export interface PostgresOptions {
  readonly clock?: Clock;
  /** In place of those in the address. */
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** `synchronous_commit`: `full` on, `off` off; `normal` as the database has it. */
  readonly durability?: Durability | undefined;
  /** Whether the tables are there, and nothing is written. Transactions fail. */
  readonly readOnly?: boolean;
}

/**
 * Opens a database of a PostgreSQL server, 12 or later, and creates what is missing in it. Any number of processes may
 * use it at once. Nothing is kept in memory.
 *
 * @param address `postgres://…`; `postgresql+DRIVER://…`, as the reference has it, is taken too
 * @throws {StorageError}
 */
export async function openPostgresStorage(address: string, options: PostgresOptions = {}): Promise<Storage> {
  const url = parseAddress(address);
  const [readers, writer] = [connect(url, READERS, options), connect(url, 1, options)];
  const close = async () => void (await Promise.all([readers.end({ timeout: 5 }), writer.end({ timeout: 5 })]));
  try {
    if (!options.readOnly) await writer.begin(async (sql) => void (await sql.unsafe(`${LOCK};${SCHEMA}`)));
  } catch (cause) {
    await close();
    throw new StorageError(`cannot open the database ${withoutPassword(url)}: ${describe(cause)}`, { cause });
  }
  const clock = options.clock ?? createClock();
  const commit = (work: (rows: StorageTransaction) => Promise<void>) =>
    writer.begin(async (sql) => {
      await sql.unsafe(LOCK, [], { prepare: true });
      const rows = new PostgresTransaction(createQuery(sql), clock);
      await work(rows);
      await rows.finish();
    });
  const queue = new GroupCommit({ commit: async (work) => void (await commit(work)), maxMs: MAX_MS });
  let closed = false;
  const storage: Storage = {
    read: new PostgresReader(createQuery(readers)),
    async transaction(work) {
      if (options.readOnly) throw new StorageError("the database was opened for reading alone");
      if (closed) throw new StorageError("the database is closed");
      return queue.transaction(work);
    },
    recordReports: (reports) => storage.transaction((rows) => recordReports(rows, reports)),
    sizeInBytes: () => measureTables(createQuery(readers)),
    async close() {
      closed = true;
      await queue.idle();
      await close();
    },
  };
  return storage;
}

/** @throws {StorageError} */
function parseAddress(address: string): string {
  const url = address.replace(/^(postgres(?:ql)?)\+\w+:/, "$1:");
  if (/^postgres(ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  throw new StorageError("database: expected a path, or postgres://USER@HOST:PORT/NAME");
}

function connect(url: string, max: number, { username, password, durability = "normal" }: PostgresOptions) {
  return postgres(url, {
    max,
    connect_timeout: CONNECT_S,
    // Everything is text to us.
    fetch_types: false,
    max_lifetime: null,
    onnotice: () => {},
    connection: {
      application_name: "depid-hashserv",
      TimeZone: "UTC",
      ...(durability === "normal" ? {} : { synchronous_commit: durability === "full" ? "on" : "off" }),
    },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  });
}

function createQuery(sql: postgres.Sql | postgres.TransactionSql): Query {
  return (text, ...values) => sql.unsafe(text, [...values], { prepare: true }).values();
}

function withoutPassword(url: string): string {
  const parsed = new URL(url);
  parsed.password = "";
  return parsed.href;
}

/** A failure to connect to several addresses has no message of its own. */
function describe(cause: unknown): string {
  if (cause instanceof AggregateError) return String(cause.errors[0]?.message ?? cause.message);
  return cause instanceof Error ? cause.message : String(cause);
}
