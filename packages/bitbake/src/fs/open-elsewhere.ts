import { readFileSync, statSync } from "node:fs";

/**
 * Whether some process of this machine has a SQLite database open that uses a write-ahead log: it then holds a lock on the file of
 * shared memory beside it.
 *
 * @param locks the system's table of locks
 * @returns `undefined` where that cannot be known: on other systems than Linux
 */
export function isOpenElsewhere(database: string, locks = "/proc/locks"): boolean | undefined {
  const shared = statSync(`${database}-shm`, { throwIfNoEntry: false });
  if (shared === undefined) return false;
  try {
    return readFileSync(locks, "utf8")
      .split("\n")
      .some((line) =>
        line.split(/\s+/).some((word) => word.endsWith(`:${shared.ino}`) && word.split(":").length === 3),
      );
  } catch {
    return undefined;
  }
}
