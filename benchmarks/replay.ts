import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServerInThread } from "@depid/hashserv/thread";
import { type HashClient, openClient } from "@depid/hashserv-client";
import { type EquivalenceService, getPolicy, OutcomeChain, pessimistic, replayHistory } from "@depid/replay";
import { createTableService } from "@depid/replay/testing";
import { computeSignatures, createBasicHash } from "@depid/siggen";
import { type History, TaskGraph } from "@depid/task-graph";
import { compare } from "./measure.ts";

/** Replaying a whole history, against hashing every step of it and nothing else. The server is real, in a thread, on a unix socket. */
export async function benchReplay(name: string, history: History): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "depid-bench-"));
  const server = await startServerInThread(`unix://${join(folder, "sock")}`);
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
    await compareServers(name, history, client);
  } finally {
    await client.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the server takes of a replay, in CPU time of all threads: against a table in its place, and against being told one report at a time. */
async function compareServers(name: string, history: History, client: HashClient): Promise<void> {
  const oneByOne: EquivalenceService = {
    ...client,
    async reportAll(reports) {
      const answers = [];
      for (const report of reports) answers.push(...(await client.reportAll([report])));
      return answers;
    },
  };
  const services: readonly (readonly [string, EquivalenceService])[] = [
    ["baseline: a table in place of the server", createTableService()],
    ["the server, told when a build is over", client],
    ["the server, told of one report at a time", oneByOne],
  ];
  const least = services.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < 3; round++) {
    for (const [i, [, service]] of services.entries()) {
      const start = process.cpuUsage();
      await replayOnce(history, ["equivhash", "equivhash-2018"], service, `bench-servers:${round}:${i}`);
      const { user, system } = process.cpuUsage(start);
      least[i] = Math.min(least[i] as number, (user + system) / 1e6);
    }
  }
  process.stdout.write(`\n${name}: equivhash and equivhash-2018, CPU time of all threads, least of 3\n`);
  for (const [i, [what]] of services.entries()) {
    const ratio = (least[i] as number) / (least[0] as number);
    process.stdout.write(
      `${what.padEnd(58)}${(least[i] as number).toFixed(2).padStart(10)} s  ${ratio.toFixed(3)} x\n`,
    );
  }
}

function replayOnce(history: History, policies: readonly string[], service: EquivalenceService, namespace: string) {
  return replayHistory(history, {
    policies: policies.map((name) => getPolicy(name)),
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
