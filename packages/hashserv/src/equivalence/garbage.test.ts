import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256Hex } from "@depid/hash";
import { openClient } from "@depid/hashserv-client";
import { auth, cleanUnused, gcMark, gcSweep, getAllUsers } from "@depid/hashserv-protocol";
import { describe, expect, it } from "vitest";
import { type ServerOptions, startServer } from "../server.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { openSqliteStorage } from "../storage/sqlite/sqlite-storage.ts";
import type { Storage, StorageTransaction } from "../storage/storage.ts";
import { getStatus, markEquivalences, sweep } from "./garbage.ts";

const ROWS = 3000;

async function fill(storage: Storage): Promise<Storage> {
  await storage.transaction(async (rows) => {
    for (let i = 0; i < ROWS; i++) {
      await rows.insertEquivalence({ method: `m${i % 2}`, taskhash: `t${i}`, depid: sha256Hex(`${i}`) });
    }
  });
  return storage;
}

/** A storage that counts transactions, and lets something happen before one of them. */
function watch(storage: Storage, happens: (transaction: number) => Promise<void>) {
  const seen = { transactions: 0 };
  const watched: Storage = {
    ...storage,
    async transaction<T>(work: (rows: StorageTransaction) => Promise<T>) {
      await happens(++seen.transactions);
      return storage.transaction(work);
    },
  };
  return { watched, seen };
}

describe("a sweep", () => {
  it("is done in slices, and spares what is reported meanwhile", async () => {
    const storage = await fill(createMemoryStorage());
    await markEquivalences(storage, "x", { method: "m0" });
    const { watched, seen } = watch(storage, async (transaction) => {
      const row = { method: "m", taskhash: `new ${transaction}`, depid: sha256Hex("new") };
      await storage.transaction((rows) => rows.insertEquivalence(row));
    });
    expect(await sweep(watched, "x")).toBe(ROWS / 2);
    expect(seen.transactions).toBeGreaterThan(2);
    expect(await getStatus(storage)).toEqual({ keep: 0, remove: ROWS / 2 + seen.transactions, mark: null });
  });

  it("ends when another mark becomes the current one meanwhile", async () => {
    const storage = await fill(createMemoryStorage());
    await markEquivalences(storage, "x", { method: "m0" });
    const { watched } = watch(storage, async (transaction) => {
      if (transaction === 2) await markEquivalences(storage, "y", {});
    });
    await expect(sweep(watched, "x")).rejects.toThrow("'x' is not the current mark. Refusing to sweep");
    const { mark, keep, remove } = await getStatus(storage);
    expect(mark).toBe("y");
    expect(keep + remove).toBeGreaterThan(ROWS / 2);
  });
});

async function withServer<T>(options: Partial<ServerOptions> & object, work: (address: string) => Promise<T>) {
  const server = await startServer({ bind: "127.0.0.1:0", ...options } as ServerOptions);
  try {
    return await work(server.address);
  } finally {
    await server.close();
  }
}

describe("upkeep of a large file", () => {
  it("lets others have their turn, look-ups and reports", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hashserv-"));
    const storage = await fill(await openSqliteStorage(join(directory, "x.db")));
    await withServer({ storage }, async (address) => {
      const [keeper, other] = [await openClient(address), await openClient(address)];
      const done: string[] = [];
      const upkeep = (async () => {
        await keeper.call(gcMark, { mark: "x", where: { taskhash: "t1" } });
        await keeper.call(gcSweep, { mark: "x" });
        done.push("upkeep");
      })();
      for (let i = 0; i < 5; i++) {
        const report = { method: "m", taskhash: `${i}`, outhash: "o", depid: sha256Hex("d") };
        await other.report(report as Parameters<typeof other.report>[0]);
        done.push("other");
      }
      await upkeep;
      expect(done.indexOf("upkeep")).toBeGreaterThan(0);
      await Promise.all([keeper.close(), other.close()]);
    });
    await storage.close();
    await rm(directory, { recursive: true });
  });
});

describe("clean-unused", () => {
  it.each([
    [false, 3600, 0],
    [false, 0, 1],
    [true, 3600, 1],
    [true, -3600, 0],
  ])("with the meaning of old %s, and an age of %i s, removes %i outputs that are new", async (compat, age, count) => {
    const storage = createMemoryStorage();
    const details = { owner: null, PN: null, PV: null, PR: null, task: null, outhashSiginfo: null };
    await storage.transaction((rows) => rows.insertOutHash({ method: "m", taskhash: "t", outhash: "o", details }));
    await withServer({ storage, cleanUnusedCompat: compat }, async (address) => {
      const client = await openClient(address);
      expect(await client.call(cleanUnused, { maxAgeSeconds: age })).toEqual({ count });
      await client.close();
    });
  });
});

describe("a server that may not write", () => {
  it("leaves the file as it is, and has its administrator all the same", async () => {
    const directory = await mkdtemp(join(tmpdir(), "hashserv-"));
    const [made, kept] = [join(directory, "x.db"), join(directory, "kept.db")];
    await (await fill(await openSqliteStorage(made))).close();
    await copyFile(made, kept);
    const admin = { username: "root", token: "secret" };
    await withServer({ database: made, readOnly: true, admin }, async (address) => {
      const client = await openClient(address);
      const report = { method: "m", taskhash: "t", outhash: "o", depid: sha256Hex("d") };
      expect(await client.report(report as Parameters<typeof client.report>[0])).toBe(report.depid);
      expect(await client.get({ method: "m", taskhash: "t" })).toBeUndefined();
      expect(await client.get({ method: "m0", taskhash: "t0" })).toBe(sha256Hex("0"));
      expect((await client.call(auth, admin)).permissions).toEqual(["@all"]);
      expect((await client.call(getAllUsers, {})).map(({ username }) => username)).toEqual(["root"]);
      await expect(client.call(gcMark, { mark: "x", where: {} })).rejects.toThrow("unknown command 'gc-mark'");
      await client.close();
    });
    expect((await readFile(made)).equals(await readFile(kept))).toBe(true);
    await rm(directory, { recursive: true });
  });
});
