import type { Log } from "./log.ts";
import type { DatabaseOptions, Driver } from "./storage/driver.ts";
import { postgresDriver } from "./storage/postgres/driver.ts";
import { sqliteDriver } from "./storage/sqlite/driver.ts";
import type { Storage } from "./storage/storage.ts";
import { writeBehindDriver } from "./storage/write-behind/driver.ts";

const DRIVERS: readonly Driver[] = [postgresDriver, writeBehindDriver, sqliteDriver];

/**
 * Opens the database that is asked for.
 *
 * @param database path of a SQLite file, or address of a PostgreSQL server: whatever has `://` in it
 * @throws {StorageError | InvalidOptionsError}
 */
export async function openStorage(database: string, options: DatabaseOptions, log: Log): Promise<Storage> {
  const driver = DRIVERS.find(({ accepts }) => accepts(database, options));
  return (driver ?? sqliteDriver).open(database, options, log);
}
