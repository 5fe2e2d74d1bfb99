import { mkdtemp, rm, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import { openClient } from "@depid/hashserv-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProcess } from "./testing/process.ts";

let folder: string;
let databases = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hashserv-harm-"));
});
afterAll(() => rm(folder, { recursive: true }));

const reportOf = (taskhash: string) => ({
  method: "m",
  taskhash,
  outhash: `o ${taskhash}`,
  depid: parseDepId(sha256Hex(taskhash)),
});

/** Starts a server with metrics. */
async function start(database: string, flags: readonly string[]) {
  const server = await startProcess("--database", database, "--metrics", "127.0.0.1:0", ...flags);
  const [, metrics = ""] = /metrics at (\S+)\/metrics/.exec(await server.says("metrics at ")) ?? [];
  return { ...server, health: async () => (await fetch(`${metrics}/healthz`)).status };
}

const MODES = [{ flags: [] }, { flags: ["--write-behind"] }];

describe.each(MODES)("a server with $flags whose database", ({ flags }) => {
  it("is deleted says so by itself, is not healthy, refuses reports, and ends when told", async () => {
    const database = join(folder, `${databases++}.db`);
    const server = await start(database, flags);
    const client = await openClient(server.address);
    await client.report(reportOf("before"));
    expect(await server.health()).toBe(200);
    await unlink(database);
    await server.says("has no file any more: the file was deleted or moved away: reports are refused until it is back");
    expect(await server.health()).toBe(503);
    await expect(client.report(reportOf("after"))).rejects.toThrow();
    await client.close();
    await server.end();
  });

  it.each([
    ["is cut", (database: string) => truncate(database, 100)],
    ["is overwritten", (database: string) => writeFile(database, "something else")],
  ])("%s says so by itself, is not healthy, refuses reports, and ends when told", async (_what, harm) => {
    const database = join(folder, `${databases++}.db`);
    const server = await start(database, flags);
    const client = await openClient(server.address);
    await client.report(reportOf("before"));
    await harm(database);
    await server.says("is damaged (");
    expect(await server.health()).toBe(503);
    await expect(client.report(reportOf("after"))).rejects.toThrow();
    await client.close();
    await server.end();
  });

  it("loses its log has lost nothing when it is started again", async () => {
    const database = join(folder, `${databases++}.db`);
    const server = await start(database, flags);
    const client = await openClient(server.address);
    const names = Array.from({ length: 500 }, (_, i) => `${i}`);
    await client.reportAll(names.map(reportOf));
    await unlink(`${database}-wal`);
    await server.says("reports are refused");
    await client.close();
    await server.end();
    const next = await start(database, []);
    const second = await openClient(next.address);
    const found = await second.getDepIds(names.map((taskhash) => ({ method: "m", taskhash })));
    expect(found).toEqual(names.map((taskhash) => reportOf(taskhash).depid));
    expect(await next.health()).toBe(200);
    await second.close();
    await next.end();
  });
});
