import { parseDepId, sha256Hex } from "@depid/hash";
import { startServer } from "@depid/hashserv";
import { startOwnPostgres, startTestPostgres, type TestPostgres } from "@depid/hashserv/testing/postgres";
import { openClient } from "@depid/hashserv-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Metrics } from "./metrics.ts";
import { startProcess } from "./testing/process.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres?.stop());

it("metrics tell the size of our tables in PostgreSQL", async () => {
  const database = await postgres.createDatabase();
  const server = await startServer({ bind: "127.0.0.1:0", database });
  const metrics = new Metrics();
  metrics.watch(server);
  expect(await metrics.text()).toMatch(/^depid_hashserv_database_bytes\{file="main"\} [1-9]\d+$/m);
  await server.close();
});

describe("two server processes on one PostgreSQL database", () => {
  it("give reports of one output that arrive together one depid, always", async () => {
    const database = await postgres.createDatabase();
    const servers = await Promise.all([1, 2].map(() => startProcess("--database", database)));
    const clients = await Promise.all(
      Array.from({ length: 8 }, (_, i) => openClient(servers[i % 2]?.address ?? "", { timeoutMs: 60_000 })),
    );
    const outputs = Array.from({ length: 120 }, (_, i) => `output-${i}`);
    // Each client reports each output with a taskhash of its own, all at once, in different order.
    const answers = await Promise.all(
      clients.map(async (client, c) => {
        const order = c % 3 === 0 ? outputs.toReversed() : outputs;
        const depids = await client.reportAll(
          order.map((outhash) => {
            const taskhash = `${outhash}-of-${c}`;
            return { method: "m", taskhash, outhash, depid: parseDepId(sha256Hex(taskhash)) };
          }),
        );
        return new Map(order.map((outhash, i) => [outhash, depids[i]]));
      }),
    );
    for (const outhash of outputs) expect(new Set(answers.map((one) => one.get(outhash))).size).toBe(1);
    const keys = outputs.flatMap((outhash) => clients.map((_, c) => ({ method: "m", taskhash: `${outhash}-of-${c}` })));
    const stored = await clients[0]?.getDepIds(keys);
    expect(stored).toEqual(outputs.flatMap((outhash) => clients.map(() => answers[0]?.get(outhash))));
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(servers.map((server) => server.kill()));
  });
});

describe("a server process whose PostgreSQL says nothing any more", () => {
  it("ends in its time all the same, and says so", async () => {
    const own = await startOwnPostgres();
    const server = await startProcess("--database", own.url, "--stop-timeout", "0.5");
    const client = await openClient(server.address);
    const thaw = await own.freeze();
    try {
      const report = client.report({ method: "m", taskhash: "t", outhash: "o", depid: parseDepId(sha256Hex("t")) });
      const refused = expect(report).rejects.toThrow();
      await server.end();
      await server.says("has not ended within 0.5 s: what is under way is given up");
      await refused;
    } finally {
      thaw();
      await client.close();
      await own.stop();
    }
  });
});
