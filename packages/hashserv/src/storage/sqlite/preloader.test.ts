import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { sha256Hex } from "@depid/hash";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SqliteCache } from "./cache.ts";
import { SqlitePreloader } from "./preloader.ts";
import { migrate } from "./schema.ts";

const A_MINUTE = 60_000;
/** Also while timers are not the real ones. */
const setImmediateOfNode = setImmediate;
const key = (i: number) => ({ method: `m${i % 2}`, taskhash: sha256Hex(`task ${i}`) });
const depidOf = (i: number) => sha256Hex(`depid ${i}`);

describe("filling the cache", () => {
  const db = new DatabaseSync(":memory:");
  let preloader: SqlitePreloader;
  beforeEach(() => {
    vi.useFakeTimers();
    migrate(db);
  });
  afterEach(() => {
    preloader.stop();
    db.exec("DELETE FROM unihashes_v3");
    vi.useRealTimers();
  });
  const insert = (method: string, taskhash: string, depid: string) =>
    db
      .prepare("INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES (?, ?, ?, '')")
      .run(method, taskhash, depid);

  it("reads all rows, in slices, and once more when all was forgotten", () => {
    const count = 2_500;
    for (let i = 0; i < count; i++) insert(key(i).method, key(i).taskhash, depidOf(i));
    const cache = new SqliteCache(db);
    const known = () => Array.from({ length: count }, (_, i) => i).filter((i) => cache.find(key(i)) === depidOf(i));
    preloader = new SqlitePreloader(db, cache);
    vi.advanceTimersToNextTimer();
    expect(known()).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1_500));
    vi.advanceTimersByTime(A_MINUTE);
    expect(known()).toHaveLength(count);
    expect(cache.existAll([depidOf(0), key(0).taskhash])).toEqual([true, false]);
    db.exec("DELETE FROM unihashes_v3 WHERE id % 2 = 0");
    cache.clear();
    expect(known()).toHaveLength(0);
    vi.advanceTimersByTime(A_MINUTE);
    expect(known()).toHaveLength(count / 2);
  });

  it("reads the latest rows that find room, and again when others took it", () => {
    const count = 6_000;
    for (let i = 0; i < count; i++) insert(key(i).method, key(i).taskhash, depidOf(i));
    const cache = new SqliteCache(db, 4_200);
    const known = () => Array.from({ length: count }, (_, i) => i).filter((i) => cache.find(key(i)) === depidOf(i));
    preloader = new SqlitePreloader(db, cache);
    vi.advanceTimersByTime(A_MINUTE);
    expect(known()).toEqual(Array.from({ length: 4_000 }, (_, i) => i + 2_000));
    for (let i = 0; i <= 200; i++) cache.add({ ...key(i), depid: depidOf(i) });
    expect(known()).toEqual([200]);
    vi.advanceTimersByTime(A_MINUTE);
    expect(known()).toHaveLength(4_001);
  });

  it("goes on when nobody else refers to the connection", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const start = () => {
      const connection = new DatabaseSync(":memory:");
      migrate(connection);
      const rows = connection.prepare(
        "INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('m', ?, ?, '')",
      );
      for (let i = 0; i < 3_000; i++) rows.run(key(i).taskhash, depidOf(i));
      const cache = new SqliteCache(connection);
      preloader = new SqlitePreloader(connection, cache);
      return cache;
    };
    const cache = start();
    for (let slice = 0; slice < 4; slice++) {
      await new Promise(setImmediateOfNode);
      collectGarbage();
      vi.advanceTimersToNextTimer();
    }
    expect(cache.existAll([depidOf(0), depidOf(2_999)])).toEqual([true, true]);
  });

  it("takes no text for a digest that begins with one, or has its length", () => {
    const digest = "a".repeat(64);
    insert("cut", `${digest}b`, digest.slice(1));
    insert("letters", `${"ä".repeat(32)}`, digest);
    db.prepare(
      "INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('nul', CAST(? AS TEXT), ?, '')",
    ).run(Buffer.from(`${digest}\0more`), digest);
    insert("good", digest, digest);
    const cache = new SqliteCache(db);
    preloader = new SqlitePreloader(db, cache);
    vi.advanceTimersByTime(A_MINUTE);
    const found = ["cut", "letters", "nul", "good"].map((method) => cache.find({ method, taskhash: digest }));
    expect(found).toEqual([undefined, undefined, undefined, digest]);
  });
});
