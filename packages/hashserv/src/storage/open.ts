import type { Log } from "../log.ts";
import type { Durability, Storage } from "../storage.ts";
import { warnOfNetwork } from "./network-file-system.ts";
import { openSqliteStorage } from "./sqlite.ts";

/** How a database is opened, wherever it is. */
export interface DatabaseOptions {
  /** What survives a power failure of the database's machine; `normal` unless told. */
  readonly durability?: Durability | undefined;
  /** For a PostgreSQL server, in place of those in its address. */
  readonly databaseUsername?: string | undefined;
  readonly databasePassword?: string | undefined;
  readonly readOnly?: boolean;
}

/**
 * Opens the database that is asked for.
 *
 * @param database path of a SQLite file, or address of a PostgreSQL server: whatever has `://` in it
 * @throws {StorageError}
 */
export async function openStorage(database: string, options: DatabaseOptions, log: Log): Promise<Storage> {
  const { durability, readOnly = false, databaseUsername: username, databasePassword: password } = options;
  if (database.includes("://")) {
    // Who has a file does not wait for this to be loaded.
    const { openPostgresStorage } = await import("./postgres.ts");
    return openPostgresStorage(database, { durability, readOnly, username, password });
  }
  const storage = await openSqliteStorage(database, { durability, readOnly });
  await warnOfNetwork(database, log);
  return storage;
}
