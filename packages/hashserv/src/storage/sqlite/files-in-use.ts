/** What the operating system says of a file. Same device and number: the same file, whatever its name. */
export interface FileSeen {
  readonly device: bigint;
  readonly number: bigint;
  /** Bytes. */
  readonly size: bigint;
  /** When it was written to, in nanoseconds. */
  readonly modified: bigint;
}

/** The files that SQLite has open as long as a database is. One is missing where there is none. */
export interface FilesSeen {
  readonly main?: FileSeen | undefined;
  readonly log?: FileSeen | undefined;
  /** Of the log, in memory that connections share. */
  readonly index?: FileSeen | undefined;
}

/** With what is said of the database when they are not there any more. */
const KINDS = [
  ["main", "has no file any more:", "the file"],
  ["log", "has no write-ahead log any more:", "the file with -wal behind its name"],
  ["index", "has no write-ahead log any more:", "the file with -shm behind its name"],
] as const;

/**
 * Whether the names of a database still lead to the files that are open. What is written to others is gone when the process
 * ends, and whoever opens the names meanwhile sees another database.
 *
 * @param opened when the database was; what was not there then is not missed
 * @returns what has happened to the database; `undefined` if nothing has
 */
export function findFileLost(opened: FilesSeen, seen: FilesSeen): string | undefined {
  for (const [kind, lack, name] of KINDS) {
    const [then, now] = [opened[kind], seen[kind]];
    if (then === undefined) continue;
    if (now === undefined) return `${lack} ${name} was deleted or moved away`;
    if (now.device !== then.device || now.number !== then.number) return `${lack} ${name} was replaced by another`;
  }
  return undefined;
}

/** Whether somebody wrote to the database file in between: moved pages from the log, or did what is not SQLite's way. */
export function hasBeenWritten({ main: before }: FilesSeen, { main: now }: FilesSeen): boolean {
  return before?.modified !== now?.modified || before?.size !== now?.size;
}
