import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "@depid/hashserv";
import { openClient } from "@depid/hashserv-client";
import { type EquivalenceService, getPolicy, OutcomeChain, pessimistic, replayHistory } from "@depid/replay";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type History, TaskGraph } from "@depid/task-graph";
import { compare } from "./measure.ts";

/** Replaying a whole history, against hashing every step of it and nothing else. The server is real, on a unix socket. */
export async function benchReplay(name: string, history: History): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "depid-bench-"));
  const server = await startServer({ bind: `unix://${join(folder, "sock")}`, database: join(folder, "hashserv.db") });
  const client = await openClient(server.address);
  try {
    let run = 0;
    const replay = (policies: readonly string[]) => ({
      name: `replay ${policies.join(", ")}`,
      run: () => replayOnce(history, policies, client, `bench:${run++}`),
    });
    await compare(
      `${name}: ${history.steps.length} steps`,
      [
        { name: "baseline: apply each step, hash it anew", run: () => hashSteps(history) },
        replay(["clairvoyant"]),
        replay(["basichash"]),
        replay(["equivhash-2018"]),
        replay(["rebuild-all", "basic", "basichash", "equivhash-2018", "clairvoyant"]),
      ],
      { milliseconds: 1, runs: 3 },
    );
  } finally {
    await client.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function replayOnce(history: History, policies: readonly string[], service: EquivalenceService, namespace: string) {
  return replayHistory(history, {
    policies: policies.map(getPolicy),
    outcomes: new OutcomeChain([], pessimistic),
    service,
    namespace,
    builder: "fresh",
    workers: 4,
    seed: 0,
  });
}

async function hashSteps(history: History): Promise<void> {
  const graph = new TaskGraph([]);
  for (const { change } of history.steps) {
    graph.apply(change);
    await computeSignatures(graph, createBasicHash());
  }
}
