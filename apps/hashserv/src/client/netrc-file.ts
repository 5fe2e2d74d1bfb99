import { readFile, stat } from "node:fs/promises";

/** Rights of the group and of others. */
const OTHERS = 0o077;

/**
 * The text of a `.netrc` file, if there is one. As with Python's reader, one that others have rights to is not used.
 *
 * @param warn is told so
 */
export async function readNetrcFile(path: string, warn: (line: string) => void): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return undefined;
  if (process.platform !== "win32" && (found.mode & OTHERS) !== 0) {
    warn(`${path} is not used: others have rights to it (chmod 600)`);
    return undefined;
  }
  return readFile(path, "utf8").catch(() => undefined);
}
