import type { Driver } from "../driver.ts";

/** A database file. */
export const sqliteDriver: Driver = {
  accepts: () => true,
  async open(path, { durability, readOnly = false }, log) {
    const [{ openSqliteStorage }, { warnOfNetwork }] = await Promise.all([
      import("./sqlite-storage.ts"),
      import("./network-file-system.ts"),
    ]);
    const storage = await openSqliteStorage(path, { durability, readOnly, log });
    await warnOfNetwork(path, log);
    return storage;
  },
};
