import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";

/** Bytes a unix socket's path may have on every system we know: 103 on macOS, 107 on Linux. */
export const MAX_SOCKET_PATH_BYTES = 103;

/**
 * Lends a short name for a socket path of any length: its directory is reached through a symbolic link in the system's
 * directory for temporary files, which is gone when `use` has ended (section 2).
 *
 * @throws what `use` throws; an error of the file system when there is no directory for temporary files
 */
export async function withShortPath<T>(path: string, use: (shortPath: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "depid-"));
  try {
    const link = join(directory, "d");
    await symlink(dirname(resolve(path)), link);
    return await use(join(link, basename(path)));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
