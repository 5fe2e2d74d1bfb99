import { InvalidOptionsError } from "../../errors.ts";
import type { Driver } from "../driver.ts";
import { warnOfNetwork } from "../sqlite/network-file-system.ts";

/** A database file that reports are put into behind their answers. */
export const writeBehindDriver: Driver = {
  accepts: (_path, { writeBehind = false }) => writeBehind,
  async open(path, { durability, readOnly }, log) {
    if (readOnly) throw new InvalidOptionsError("a server that may not write cannot write behind");
    const { openWriteBehindStorage } = await import("./open.ts");
    const storage = await openWriteBehindStorage(path, { durability, log });
    await warnOfNetwork(path, log);
    return storage;
  },
};
