import { readFileSync } from "node:fs";
import type { Log } from "@depid/hashserv";

/** Files the server has open besides its connections, at most. */
const OWN_FILES = 60;

/** Warns when the system does not give as many files, each connection being one, as connections are allowed. */
export function warnOfOpenFiles(connections: number, log: Log, limits: string | undefined = readLimits()): void {
  const most = limits === undefined ? undefined : parseOpenFiles(limits);
  if (most === undefined || most >= connections + OWN_FILES) return;
  log(
    "WARNING",
    `the system lets this server have ${most} files open, too few for ${connections} connections: raise the limit ` +
      "(ulimit -n, LimitNOFILE=), or lower --max-connections",
  );
}

/** @returns the soft limit that `/proc/self/limits` tells; undefined if there is none */
export function parseOpenFiles(limits: string): number | undefined {
  const found = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** Linux alone tells. */
function readLimits(): string | undefined {
  try {
    return readFileSync("/proc/self/limits", "utf8");
  } catch {
    return undefined;
  }
}
