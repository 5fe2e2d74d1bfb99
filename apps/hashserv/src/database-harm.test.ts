import { copyFile, mkdtemp, open, rename, rm, stat, unlink } from "node:fs/promises";
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
  ...{ method: "m", taskhash, outhash: `o ${taskhash}`, depid: parseDepId(sha256Hex(taskhash)) },
});

/** Starts a server with metrics. */
async function start(database: string, flags: readonly string[]) {
  const server = await startProcess("--database", database, "--metrics", "127.0.0.1:0", ...flags);
  const [, metrics = ""] = /metrics at (\S+)\/metrics/.exec(await server.says("metrics at ")) ?? [];
  return { ...server, health: async () => (await fetch(`${metrics}/healthz`)).status };
}

const MODES = [{ flags: [] }, { flags: ["--write-behind"] }];

describe.each(MODES)("a server with $flags whose database", ({ flags }) => {
  it.each([
    ["is deleted", (path: string) => unlink(path), "has no file any more: the file was deleted or moved away"],
    [
      "is replaced",
      async (path: string) => {
        await copyFile(path, `${path}.new`);
        await rename(`${path}.new`, path);
      },
      "has no file any more: the file was replaced by another",
    ],
    ["loses its log", (path: string) => unlink(`${path}-wal`), "has no write-ahead log any more"],
  ])("%s says so by itself, is not healthy, and refuses reports", async (_what, harm, reason) => {
    const database = join(folder, `${databases++}.db`);
    const server = await start(database, flags);
    const client = await openClient(server.address);
    await client.report(reportOf("before"));
    expect(await server.health()).toBe(200);
    await harm(database);
    expect(await server.says(reason)).toContain("reports are refused until it is back");
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

  it("is overwritten says so by itself", async () => {
    const database = join(folder, `${databases++}.db`);
    const first = await start(database, flags);
    const client = await openClient(first.address);
    await client.reportAll(Array.from({ length: 500 }, (_, i) => reportOf(`${i}`)));
    await client.close();
    await first.end();
    const server = await start(database, flags);
    const file = await open(database, "r+");
    await file.write(Buffer.alloc((await stat(database)).size - 4096, 0xff), 0, undefined, 4096);
    await file.close();
    await server.says("is damaged (database disk image is malformed): reports are refused until it is repaired");
    expect(await server.health()).toBe(503);
    await server.end();
  });
});
