import type { Log } from "../log.ts";
import type { Durability, Storage } from "./storage.ts";

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

/** A kind of database: a folder beside this file, and a line in `open-storage.ts`. */
export interface Driver {
  /** Whether this is the kind of a database; the first driver that says so opens it. */
  readonly accepts: (database: string, options: DatabaseOptions) => boolean;
  /** Loads what it needs, and opens the database. @throws {StorageError | InvalidOptionsError} */
  readonly open: (database: string, options: DatabaseOptions, log: Log) => Promise<Storage>;
}
