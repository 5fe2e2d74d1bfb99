import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createCommandLauncher,
  createOwnLauncher,
  KNOWN_DIFFERENCES,
  replayTranscript,
  type Transcript,
} from "./transcript/index.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Replays a recorded conversation against our server, or any other.
 *
 * @param serverCommand starts the server, flags are appended; undefined: our server, in this process
 */
export async function checkConversation(transcript: Transcript, serverCommand?: string): Promise<Verdict> {
  const directory = await mkdtemp(join(tmpdir(), "depid-conformance-"));
  try {
    const launcher =
      serverCommand === undefined ? createOwnLauncher(directory) : createCommandLauncher(directory, serverCommand);
    const lines = new Set(KNOWN_DIFFERENCES[transcript.name]);
    const { difference, known } = await replayTranscript(transcript, launcher, lines);
    if (difference !== undefined) return { verdict: "differs", difference };
    return known.length === 0 ? { verdict: "agrees" } : { verdict: "agrees", but: formatKnown(known.length) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function formatKnown(count: number): string {
  return `${count} ${count === 1 ? "line differs" : "lines differ"} knowingly, see docs/differences.md`;
}
