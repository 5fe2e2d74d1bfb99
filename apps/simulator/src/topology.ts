import { readFile } from "node:fs/promises";
import { parseTopology, type Topology, TopologyError } from "@depid/replay";

/** The flag that says who builds. */
export interface TopologyFlag {
  readonly topology?: string;
}

/** Reads a topology from a file. @throws {TopologyError} naming file, line, column and field */
export async function readTopology(file: string): Promise<Topology> {
  return parseTopology(await readText(file), file);
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    const { reasonOf } = await import("@depid/bitbake/fs");
    throw new TopologyError(file, 0, `cannot be read as a topology: ${reasonOf(cause)}`, { cause });
  }
}
