import { readFileSync } from "node:fs";
import type { Peer } from "./servers.ts";

/** Memory a process has in hand, in MB; on Linux. */
export function residentMegabytes({ process }: Peer): number {
  const status = readFileSync(`/proc/${process.pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
