import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import { DURABILITIES } from "@depid/hashserv";
import { type HashClient, openClient } from "@depid/hashserv-client";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startProcess } from "./testing/process.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hashserv-durability-"));
});
afterAll(() => rm(folder, { recursive: true }));

const METHOD = "m";
const depid = (taskhash: string) => parseDepId(sha256Hex(taskhash));
const reportOf = (taskhash: string) => ({
  method: METHOD,
  taskhash,
  outhash: `o ${taskhash}`,
  depid: depid(taskhash),
});

/** Reports, some at a time, until the connection is lost. Each that was answered is added to `answered`. */
async function reportOn(client: HashClient, name: string, together: number, answered: string[]): Promise<void> {
  for (let i = 0; ; i += together) {
    const taskhashes = Array.from({ length: together }, (_, k) => `${name}-${i + k}`);
    await client.reportAll(taskhashes.map(reportOf));
    answered.push(...taskhashes);
  }
}

const WAYS = DURABILITIES.flatMap((level) => [
  { flags: ["--durability", level] },
  { flags: ["--durability", level, "--write-behind"] },
]);

describe.each(WAYS)("a server with $flags", ({ flags }) => {
  it("has all reports it has answered after it was killed under load", async () => {
    const database = join(folder, `${flags.join("")}.db`);
    const answered: string[] = [];
    for (let round = 0; round < 2; round++) {
      const server = await startProcess("--database", database, ...flags);
      const clients = await Promise.all(Array.from({ length: 6 }, () => openClient(server.address)));
      const before = answered.length;
      // Half of the clients send one report at a time, half many.
      const work = clients.map((client, i) => reportOn(client, `${round}-${i}`, i % 2 === 0 ? 1 : 50, answered));
      const lost = Promise.allSettled(work);
      while (answered.length < before + 500) await new Promise((resolve) => setImmediate(resolve));
      await server.kill();
      await lost;
      await Promise.all(clients.map((client) => client.close()));
    }
    const server = await startProcess("--database", database);
    const client = await openClient(server.address);
    const found = await client.getDepIds(answered.map((taskhash) => ({ method: METHOD, taskhash })));
    expect(found.filter((one, i) => one !== depid(answered[i] ?? ""))).toEqual([]);
    await client.close();
    await server.kill();
  });
});

describe("--write-behind", () => {
  it.each([
    [["--database", "postgres://localhost/x"], "only a SQLite database can be written behind"],
    [["--read-only"], "a server that may not write (--read-only) cannot write behind"],
  ])("does not go with %j", async (flags, reason) => {
    await expect(startProcess("--write-behind", ...flags)).rejects.toThrow(reason);
  });

  it("leaves nothing but the database when the server ends", async () => {
    const database = join(folder, "ended.db");
    const server = await startProcess("--database", database, "--write-behind");
    const client = await openClient(server.address);
    await client.reportAll(["t1", "t2"].map(reportOf));
    await client.close();
    await server.end();
    expect((await readdir(folder)).filter((name) => name.startsWith("ended.db"))).toEqual(["ended.db"]);
  });
});

describe("--durability", () => {
  it("is one of three", async () => {
    await expect(startProcess("--durability", "some")).rejects.toThrow("expected normal, full, off, found");
  });
});
