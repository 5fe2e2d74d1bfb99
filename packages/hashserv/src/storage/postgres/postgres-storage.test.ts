import { randomBytes } from "node:crypto";
import { parseDepId } from "@depid/hash";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StorageError } from "../../errors.ts";
import type { ReportToRecord } from "../../rule/report-rule.ts";
import { describeStorage } from "../../testing/describe-storage.ts";
import { type OwnPostgres, startOwnPostgres, startTestPostgres, type TestPostgres } from "../../testing/postgres.ts";
import { openPostgresStorage } from "./postgres-storage.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
});
afterAll(() => server?.stop());

describeStorage("PostgreSQL", async () => {
  const url = await server.createDatabase();
  const [storage, other] = [await openPostgresStorage(url), await openPostgresStorage(url)];
  const reopen = () => openPostgresStorage(url);
  return { storage, other, fail: () => terminateOthers(url), away: () => renameTable(url), reopen };
});

/** Has a table not be found. @returns what has it found again */
async function renameTable(url: string): Promise<() => Promise<void>> {
  const rename = async (from: string, to: string) => {
    const sql = await openClient(url);
    await sql.query(`ALTER TABLE ${from} RENAME TO ${to}`);
    await sql.end();
  };
  await rename("unihashes_v3", "away");
  return () => rename("away", "unihashes_v3");
}

/** Has PostgreSQL end all its connections, those of this storage among them. */
async function terminateOthers(url: string): Promise<void> {
  const sql = await openClient(url);
  await sql.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND application_name = 'depid-hashserv'`);
  await sql.end();
}

/** A client whose rows are found where the address says: `search_path` is no parameter to `pg`. */
async function openClient(url: string): Promise<pg.Client> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query("SELECT set_config('search_path', $1, false)", [new URL(url).searchParams.get("search_path")]);
  return client;
}

const key = (taskhash: string) => ({ method: "m", taskhash });

/** A report of an output that all of these share. */
function sharing(i: number) {
  return { method: "m", taskhash: `t${i}`, outhash: "o", depid: parseDepId(i.toString(16).padStart(64, "0")) };
}

describe("a PostgreSQL server that goes away", () => {
  let own: OwnPostgres;
  beforeAll(async () => {
    own = await startOwnPostgres();
  });
  afterAll(() => own?.stop());

  it.each(["SIGINT", "SIGQUIT", "SIGKILL"] as const)(
    "ended by %s under load: what is asked fails until it is back, and nothing is lost",
    async (signal) => {
      const storage = await openPostgresStorage(own.url);
      const kept: string[] = [];
      const record = async (name: string) => {
        const report = { ...sharing(1), taskhash: name, outhash: name };
        const [outcome] = await storage.recordReports([report]);
        kept.push(name);
        return outcome;
      };
      const load = async (name: string) => {
        for (let i = 0; ; i++) await Promise.all([record(`${name} ${i}`), storage.read.findDepIds([key(name)])]);
      };
      const clients = Promise.allSettled(Array.from({ length: 8 }, (_, i) => load(`${signal} ${i}`)));
      await expect.poll(() => kept.length).toBeGreaterThan(50);
      await own.end(signal);
      for (const one of await clients) expect(one).toMatchObject({ reason: expect.any(StorageError) });
      await expect(storage.check()).rejects.toThrow(StorageError);
      await expect(record(`${signal} down`)).rejects.toThrow("cannot be reached");
      await expect(storage.read.findDepIds([key("t")])).rejects.toThrow("cannot be reached");
      await own.start();
      await storage.check();
      await record(`${signal} back`);
      const found = await storage.read.findDepIds(kept.map(key));
      expect(found.filter((depid) => depid === undefined)).toEqual([]);
      await storage.close();
    },
  );

  it("frozen, is given up after a while, and used again when it goes on", async () => {
    const storage = await openPostgresStorage(`${own.url}?connect_timeout=1`, { silenceMs: 200 });
    await storage.recordReports([sharing(1)]);
    await storage.read.findDepIds([key("t1")]);
    const thaw = await own.freeze();
    try {
      await expect(storage.recordReports([sharing(2)])).rejects.toThrow(StorageError);
      await expect(storage.read.findDepIds([key("t1")])).rejects.toThrow(StorageError);
      await expect(storage.check()).rejects.toThrow(StorageError);
    } finally {
      thaw();
    }
    await storage.check();
    expect(await storage.recordReports([sharing(2)])).toMatchObject([{ joined: true }]);
    await storage.close();
  });

  it("that has become read-only is not well, but for who only reads", async () => {
    const [storage, reader] = [
      await openPostgresStorage(own.url),
      await openPostgresStorage(own.url, { readOnly: true }),
    ];
    const sql = await openClient(own.url);
    await sql.query("ALTER DATABASE postgres SET default_transaction_read_only = on");
    await terminateOthers(own.url);
    await reader.check();
    await expect(storage.check()).rejects.toThrow("read-only");
    await sql.query("SET default_transaction_read_only = off");
    await sql.query("ALTER DATABASE postgres RESET default_transaction_read_only");
    await terminateOthers(own.url);
    await storage.check();
    await Promise.all([storage.close(), reader.close(), sql.end()]);
  });
});

describe("a PostgreSQL database", () => {
  it("tells the size of our tables, whatever else the database has; nothing where there are none", async () => {
    const url = await server.createDatabase();
    const storage = await openPostgresStorage(url);
    const empty = (await storage.sizeInBytes())?.main ?? 0;
    expect(empty).toBeGreaterThan(0);
    const sql = await openClient(url);
    await sql.query("CREATE TABLE unihashes_backup AS SELECT * FROM generate_series(1, 10000)");
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
    const sql = await openClient(url);
    await sql.query("ANALYZE"); // PostgreSQL believes that no two share an output
    await record(numbers.map((i) => sharing(1000 + i)));
    const count = async () => {
      const { rows } = await sql.query(`SELECT n_tup_ins::int AS written, (seq_tup_read + (SELECT sum(idx_tup_read)
        FROM pg_stat_user_indexes i WHERE i.relid = t.relid))::int AS read
        FROM pg_stat_user_tables t WHERE relid = 'outhashes_v2'::regclass`);
      return rows[0] as { readonly written: number; readonly read: number };
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
