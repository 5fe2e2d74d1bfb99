import { pipeline } from "node:stream/promises";
import { startTestPostgres } from "@depid/hashserv/testing/postgres";
import postgres from "postgres";
import { depidOf, METHOD, outhashOf, taskhashOf } from "./rows.ts";

/** Databases of a PostgreSQL server that is there as long as the benchmark runs. */
export interface Databases {
  /** @returns the address of an empty database; as BitBake's server knows no schemas, one of its own, not a schema */
  create(): Promise<string>;
  /** Drops what was created; ends the server, if it was started here. */
  stop(): Promise<void>;
}

/** Uses the server that `HASHSERV_TEST_POSTGRES` names, whose user may create databases, or starts one as tests do. */
export async function openDatabases(): Promise<Databases> {
  const server = await startTestPostgres();
  const url = new URL(await server.createDatabase());
  url.searchParams.delete("search_path");
  const admin = postgres(url.href, { max: 1, onnotice: () => {} });
  const names: string[] = [];
  return {
    async create() {
      const name = `hashserv_bench_${process.pid}_${names.length}`;
      await admin.unsafe(`CREATE DATABASE ${name}`);
      names.push(name);
      const address = new URL(url);
      address.pathname = name;
      return address.href;
    },
    async stop() {
      for (const name of names) await admin.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      await server.stop();
    },
  };
}

/** Waits until a server has made its tables. */
export async function waitForTables(address: string): Promise<void> {
  const sql = postgres(address, { max: 1 });
  for (let found = false; !found; ) {
    const [row] = await sql`SELECT to_regclass('unihashes_v3') IS NOT NULL AS found`;
    found = row?.found === true;
  }
  await sql.end();
}

/** Puts entries 0 to `count` into tables that a server has made, and has PostgreSQL look at them. */
export async function fillDatabase(address: string, count: number): Promise<void> {
  const sql = postgres(address, { max: 1 });
  try {
    const equivalences = sql`COPY unihashes_v3 (method, taskhash, unihash, gc_mark) FROM STDIN`;
    await copy(count, await equivalences.writable(), (i) => [METHOD, taskhashOf(i), depidOf(i), ""]);
    const outputs = sql`COPY outhashes_v2 (method, taskhash, outhash, created, "PN", task) FROM STDIN`;
    const created = (i: number) => new Date(1.5e12 + i).toISOString().slice(0, -1);
    await copy(count, await outputs.writable(), (i) => [
      METHOD,
      taskhashOf(i),
      outhashOf(i),
      created(i),
      "some-recipe",
      "do_x",
    ]);
    await sql`VACUUM ANALYZE`;
  } finally {
    await sql.end();
  }
}

async function copy(count: number, into: NodeJS.WritableStream, rowOf: (i: number) => readonly string[]) {
  await pipeline(function* () {
    for (let i = 0; i < count; i++) yield `${rowOf(i).join("\t")}\n`;
  }, into);
}
