import { InvalidOptionsError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Durability, Storage } from "../storage.ts";
import { warnOfNetwork } from "./network-file-system.ts";
import { openSqliteStorage } from "./sqlite.ts";
import { openWriteBehindStorage } from "./sqlite-write-behind.ts";

/** How a database is opened, wherever it is. */
export interface DatabaseOptions {
  /** What survives a power failure of the database's machine; `normal` unless told. */
  readonly durability?: Durability | undefined;
  /** For a PostgreSQL server, in place of those in its address. */
  readonly databaseUsername?: string | undefined;
  readonly databasePassword?: string | undefined;
  readonly readOnly?: boolean;
  /** Whether reports are answered before they are in the tables, as `openWriteBehindStorage` says. SQLite only. */
  readonly writeBehind?: boolean | undefined;
}

/**
 * Opens the database that is asked for.
 *
 * @param database path of a SQLite file, or address of a PostgreSQL server: whatever has `://` in it
 * @throws {StorageError | InvalidOptionsError}
 */
export async function openStorage(database: string, options: DatabaseOptions, log: Log): Promise<Storage> {
  const { durability, readOnly = false, writeBehind = false } = options;
  if (writeBehind && readOnly) throw new InvalidOptionsError("a server that may not write cannot write behind");
  if (database.includes("://")) {
    if (writeBehind) throw new InvalidOptionsError("only a SQLite database can be written behind");
    const { databaseUsername: username, databasePassword: password } = options;
    // Who has a file does not wait for this to be loaded.
    const { openPostgresStorage } = await import("./postgres.ts");
    return openPostgresStorage(database, { durability, readOnly, username, password });
  }
  const storage = writeBehind
    ? await openWriteBehindStorage(database, { durability, log })
    : await openSqliteStorage(database, { durability, readOnly });
  await warnOfNetwork(database, log);
  return storage;
}
