import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/** The version in every package.json. */
export const VERSION = "0.1.0";

/** The day on which the packages were given this version: that of a man page, which is the same wherever it is made. */
export const VERSION_DATE = "2026-11-21";

/**
 * What `--version` prints: `depid 0.1.0 (commit 0123456789ab)`, with `-dirty` behind a commit that the files are not as in. Files that
 * are not in git's hands, such as those of a packed file, do not know their commit, and say so.
 *
 * @param program its name
 */
export function describeVersion(
  program: string,
  file = fileURLToPath(new URL("../package.json", import.meta.url)),
): string {
  return `${program} ${VERSION} (${findCommit(file) ?? "commit unknown: not run from a checkout"})`;
}

/** The commit of the checkout that the file belongs to; a file that only lies in somebody's checkout belongs to none. */
function findCommit(file: string): string | undefined {
  try {
    git(file, "ls-files", "--error-unmatch", "--", file);
    return `commit ${git(file, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*")}`;
  } catch {
    return undefined;
  }
}

function git(file: string, ...args: string[]): string {
  // Loaded for this alone: sockets come with it, and every program imports this file.
  const { execFileSync } = process.getBuiltinModule("node:child_process");
  // Whose checkout it is does not matter to a look at it.
  const safe = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"];
  return execFileSync("git", [...safe, "-C", dirname(file), ...args], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" },
  }).trim();
}
