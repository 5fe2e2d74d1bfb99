import { randomBytes } from "node:crypto";
import { parseDepId } from "@depid/hash";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StorageError } from "../../errors.ts";
import type { ReportToRecord } from "../../rule/report-rule.ts";
import { describeStorage } from "../../testing/describe-storage.ts";
import { startTestPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { openPostgresStorage } from "./postgres-storage.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server?.stop());

describeStorage("PostgreSQL", async () => {
  const url = await server.createDatabase();
  return { storage: await openPostgresStorage(url), other: await openPostgresStorage(url) };
});

/** A report of an output that all of these share. */
function sharing(i: number) {
  return { method: "m", taskhash: `t${i}`, outhash: "o", depid: parseDepId(i.toString(16).padStart(64, "0")) };
}

describe("a PostgreSQL database", () => {
  it("tells the size of our tables, whatever else the database has; nothing where there are none", async () => {
    const url = await server.createDatabase();
    const storage = await openPostgresStorage(url);
    const empty = (await storage.sizeInBytes())?.main ?? 0;
    expect(empty).toBeGreaterThan(0);
    const sql = postgres(url, { max: 1 });
    await sql`CREATE TABLE unihashes_backup AS SELECT * FROM generate_series(1, 10000)`;
    expect(await storage.sizeInBytes()).toEqual({ main: empty, wal: undefined });
    await storage.close();
    await sql.end();
    const reader = await openPostgresStorage(await server.createDatabase(), { readOnly: true });
    expect(await reader.sizeInBytes()).toEqual({ main: 0, wal: undefined });
    await reader.close();
  });

  it("reads a few rows for a report, however many share its output", async () => {
    const url = await server.createDatabase();
    const record = async (reports: readonly ReportToRecord[]) => {
      const storage = await openPostgresStorage(url);
      await storage.recordReports(reports);
      await storage.close(); // and what it has read is counted
    };
    const numbers = Array.from({ length: 1000 }, (_, i) => i);
    await record(numbers.map((i) => ({ ...sharing(i), outhash: `o${i}` })));
    const sql = postgres(url, { max: 1 });
    await sql`ANALYZE`; // PostgreSQL believes that no two share an output
    await record(numbers.map((i) => sharing(1000 + i)));
    const count = async () => {
      const [row] = await sql`SELECT n_tup_ins::int AS written, (seq_tup_read + (SELECT sum(idx_tup_read)
        FROM pg_stat_user_indexes i WHERE i.relid = t.relid))::int AS read
        FROM pg_stat_user_tables t WHERE relid = 'outhashes_v2'::regclass`;
      return { written: Number(row?.written), read: Number(row?.read) };
    };
    await expect.poll(async () => (await count()).written).toBe(2000);
    const { read } = await count();
    await record(numbers.slice(0, 100).map((i) => sharing(2000 + i)));
    await expect.poll(async () => (await count()).written).toBe(2100);
    expect((await count()).read - read).toBeLessThan(100 * 10);
    await sql.end();
  });

  it("says why a report cannot be kept, and keeps those that arrive with it", async () => {
    const storage = await openPostgresStorage(await server.createDatabase());
    const long = randomBytes(10_000).toString("hex");
    const answers = await Promise.allSettled(
      [sharing(1), { ...sharing(2), outhash: long }, sharing(3)].map((one) => storage.recordReports([one])),
    );
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(answers[1]).toMatchObject({ reason: { message: expect.stringContaining("index row") } });
    expect((await storage.read.countRows()).get("outhashes_v2")).toBe(2);
    const equivalence = { method: "m", taskhash: "t", depid: long };
    const declared = storage.transaction((rows) => rows.insertEquivalence(equivalence));
    await expect(declared).rejects.toThrow("index row");
    await storage.close();
  });

  it("that cannot be opened is named without its password", async () => {
    const opening = openPostgresStorage("postgres://me:secret@127.0.0.1:1/none");
    await expect(opening).rejects.toThrow(StorageError);
    await expect(opening).rejects.toThrow("cannot open the database postgres://me@127.0.0.1:1/none: ");
  });

  it.each(["mysql://host/name", "a/path"])("is not named by %s", async (address) => {
    await expect(openPostgresStorage(address)).rejects.toThrow("expected a path, or postgres://");
  });
});
