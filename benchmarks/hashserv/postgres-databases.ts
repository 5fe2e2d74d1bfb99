import { startTestPostgres } from "@depid/hashserv/testing/postgres";
import pg from "pg";
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
  const admin = await connect(url.href);
  const names: string[] = [];
  return {
    async create() {
      const name = `hashserv_bench_${process.pid}_${names.length}`;
      await admin.query(`CREATE DATABASE ${name}`);
      names.push(name);
      const address = new URL(url);
      address.pathname = name;
      return address.href;
    },
    async stop() {
      for (const name of names) await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
      await server.stop();
    },
  };
}

/** Waits until a server has made its tables. */
export async function waitForTables(address: string): Promise<void> {
  const sql = await connect(address);
  for (let found = false; !found; ) {
    const { rows } = await sql.query("SELECT to_regclass('unihashes_v3') IS NOT NULL AS found");
    found = rows[0]?.found === true;
  }
  await sql.end();
}

const EQUIVALENCES = `INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark)
  SELECT *, '' FROM unnest($1::text[], $2::text[], $3::text[])`;
const OUTPUTS = `INSERT INTO outhashes_v2 (method, taskhash, outhash, created, "PN", task)
  SELECT *, 'some-recipe', 'do_x' FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamp[])`;
/** Rows of one statement. */
const CHUNK = 10_000;

/** Puts entries 0 to `count` into tables that a server has made, and has PostgreSQL look at them. */
export async function fillDatabase(address: string, count: number): Promise<void> {
  const sql = await connect(address);
  const created = (i: number) => new Date(1.5e12 + i).toISOString().slice(0, -1);
  try {
    for (let from = 0; from < count; from += CHUNK) {
      const numbers = Array.from({ length: Math.min(CHUNK, count - from) }, (_, i) => from + i);
      const [methods, taskhashes] = [numbers.map(() => METHOD), numbers.map(taskhashOf)];
      await sql.query(EQUIVALENCES, [methods, taskhashes, numbers.map(depidOf)]);
      await sql.query(OUTPUTS, [methods, taskhashes, numbers.map(outhashOf), numbers.map(created)]);
    }
    await sql.query("VACUUM ANALYZE");
  } finally {
    await sql.end();
  }
}

async function connect(address: string): Promise<pg.Client> {
  const client = new pg.Client(address);
  await client.connect();
  return client;
}
