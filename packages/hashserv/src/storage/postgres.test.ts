import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { StorageError } from "../errors.ts";
import { describeStorage } from "../testing.ts";
import { startTestPostgres, type TestPostgres } from "../testing-postgres.ts";
import { openPostgresStorage } from "./postgres.ts";

let server: TestPostgres;
beforeAll(async () => {
  server = await startTestPostgres();
}, 60_000);
afterAll(() => server?.stop());

describeStorage("PostgreSQL", async () => {
  const url = await server.createDatabase();
  return { storage: await openPostgresStorage(url), other: await openPostgresStorage(url) };
});

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

  it("that cannot be opened is named without its password", async () => {
    const opening = openPostgresStorage("postgres://me:secret@127.0.0.1:1/none");
    await expect(opening).rejects.toThrow(StorageError);
    await expect(opening).rejects.toThrow("cannot open the database postgres://me@127.0.0.1:1/none: ");
  });

  it.each(["mysql://host/name", "a/path"])("is not named by %s", async (address) => {
    await expect(openPostgresStorage(address)).rejects.toThrow("expected a path, or postgres://");
  });
});
