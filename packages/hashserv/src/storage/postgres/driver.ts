import { InvalidOptionsError } from "../../errors.ts";
import type { Driver } from "../driver.ts";

/** A database of a PostgreSQL server. */
export const postgresDriver: Driver = {
  accepts: (database) => database.includes("://"),
  async open(address, options) {
    const {
      durability,
      readOnly = false,
      writeBehind,
      databaseUsername: username,
      databasePassword: password,
    } = options;
    if (writeBehind) throw new InvalidOptionsError("only a SQLite database can be written behind");
    const { openPostgresStorage } = await import("./postgres-storage.ts");
    return openPostgresStorage(address, { durability, readOnly, username, password });
  },
};
