import { parseTopology, type Topology, TopologyError } from "@depid/replay";
import { readTextAs } from "./read-text.ts";

/** The flag that says who builds. */
export interface TopologyFlag {
  readonly topology?: string;
}

/** Reads a topology from a file. @throws {TopologyError} naming file, line, column and field */
export async function readTopology(file: string): Promise<Topology> {
  return parseTopology(await readTextAs("a topology", file, TopologyError), file);
}
