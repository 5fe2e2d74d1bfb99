import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Log } from "../../log.ts";

/** File systems whose files other machines may change, by the numbers that Linux has for them. */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x5346414f, "AFS"],
  [0x47504653, "GPFS"],
]);

/**
 * The network file system that a file lies on: files whose folder other machines may change. Known on Linux only.
 *
 * @param type gives the number of the file system at a path
 * @returns its name; `undefined` on a local disk, or where that cannot be known
 */
export async function findNetworkFileSystem(
  file: string,
  type: (path: string) => Promise<number> = typeOnLinux,
): Promise<string | undefined> {
  return NETWORK.get(await type(dirname(resolve(file))).catch(() => 0));
}

/**
 * Says so when a SQLite database lies on a network file system: its write-ahead log needs memory that all users share,
 * so a second machine that opens the file destroys it, and locks may not hold.
 *
 * @param type gives the number of the file system at a path
 */
export async function warnOfNetwork(
  database: string,
  log: Log,
  type: (path: string) => Promise<number> = typeOnLinux,
): Promise<void> {
  const name = await findNetworkFileSystem(database, type);
  if (name === undefined) return;
  log(
    "WARNING",
    `the database ${database} is on a network file system (${name}): SQLite may lose or corrupt it, ` +
      "and certainly when two machines open it; use a local disk, or PostgreSQL",
  );
}

async function typeOnLinux(path: string): Promise<number> {
  return process.platform === "linux" ? (await statfs(path)).type >>> 0 : 0;
}
