import { hashInSql } from "@depid/hash";
import { OUTHASH_TITLE } from "@depid/sstate";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Collection, Tables } from "../join.ts";
import { findDivergence } from "./query-divergence.ts";
import { see } from "./see.ts";

export interface TablesScope {
  /** How many examples to keep. */
  readonly limit: number;
  /** Outhashes of before this day (YYYY-MM-DD) count as old. */
  readonly before: string;
}

/** What the tables of an attached server show by themselves; names of tasks come from the files, too. */
export function queryTables(db: DatabaseSyncInstance, { limit, before }: TablesScope): Tables {
  const one = (sql: string) => Number(Object.values(db.prepare(sql).get() as object)[0]);
  const groups = (sql: string) =>
    new Map(
      db
        .prepare(sql)
        .all()
        .map((row) => row as { name: unknown; rows: unknown })
        .map(({ name, rows }) => [String(name), Number(rows)] as const),
    );
  db.exec(`
    CREATE INDEX IF NOT EXISTS object_depid ON object (depid);
    CREATE TEMP TABLE manifold AS
      SELECT method, taskhash, count(*) AS outhashes, max(recipe) AS recipe, max(task) AS task
      FROM outhash GROUP BY method, taskhash HAVING count(*) > 1;`);
  const manifold = see(db, limit, MANIFOLD);
  return {
    equivalences: one("SELECT count(*) FROM equivalence"),
    outhashes: one("SELECT count(*) FROM outhash"),
    depids: one("SELECT count(*) FROM known"),
    methods: groups("SELECT method AS name, count(*) AS rows FROM equivalence GROUP BY method"),
    notReproducible: {
      count: one("SELECT count(*) FROM manifold"),
      examples: manifold.examples.map((it) => ({ ...it, ...findDivergence(db, it) })),
    },
    mixed: see(db, limit, MIXED),
    unreported: see(db, limit, UNREPORTED),
    unused: see(
      db,
      limit,
      `SELECT outhash.recipe, outhash.task, outhash.taskhash, outhash.created
       FROM outhash LEFT JOIN equivalence USING (method, taskhash) WHERE depid IS NULL AND substr(created, 1, 10) < ?`,
      before,
    ),
    invalidDepids: see(db, limit, `SELECT method, taskhash, depid FROM equivalence WHERE NOT ${hashInSql("depid")}`),
    hashVersions: groups(HASH_VERSIONS),
  };
}

/** Taskhashes with several outhashes, by depid, the most shared first. */
const MANIFOLD = `
  SELECT coalesce(max(manifold.recipe), (SELECT recipe FROM object WHERE object.depid = equivalence.depid)) AS recipe,
    coalesce(max(manifold.task), (SELECT task FROM object WHERE object.depid = equivalence.depid)) AS task,
    count(*) AS taskhashes, sum(outhashes) AS outhashes, min(manifold.taskhash) AS taskhash, equivalence.depid, equivalences,
    (SELECT count(*) FROM object WHERE object.depid = equivalence.depid AND has_object) AS objects
  FROM manifold LEFT JOIN equivalence USING (method, taskhash) LEFT JOIN known USING (depid)
  GROUP BY equivalence.depid ORDER BY equivalences DESC, equivalence.depid`;

/** Depids that several taskhashes share which gave different outputs, each the same whenever it ran: the others are told as not reproducible. */
const MIXED = `
  SELECT coalesce(max(outhash.recipe), (SELECT recipe FROM object WHERE object.depid = equivalence.depid)) AS recipe,
    coalesce(max(outhash.task), (SELECT task FROM object WHERE object.depid = equivalence.depid)) AS task,
    equivalence.depid, count(DISTINCT taskhash) AS taskhashes, count(DISTINCT outhash) AS outhashes,
    (SELECT count(*) FROM object WHERE object.depid = equivalence.depid AND has_object) AS objects
  FROM equivalence JOIN outhash USING (method, taskhash)
  WHERE equivalence.depid NOT IN (SELECT depid FROM manifold JOIN equivalence USING (method, taskhash))
  GROUP BY method, equivalence.depid HAVING count(DISTINCT taskhash) > 1 AND count(DISTINCT outhash) > 1`;

const UNREPORTED = `
  SELECT (SELECT recipe FROM object WHERE object.depid = equivalence.depid) AS recipe,
    (SELECT task FROM object WHERE object.depid = equivalence.depid) AS task, equivalence.depid, count(*) AS equivalences
  FROM equivalence LEFT JOIN outhash USING (method, taskhash)
  GROUP BY equivalence.depid HAVING count(outhash) = 0`;

/** Second line of a text that OEOuthashBasic hashed (signatures.md section 6). */
const HASH_VERSIONS = `
  SELECT version AS name, count(*) AS rows
  FROM (SELECT substr(head, 1, instr(head, char(10)) - 1) AS version
        FROM (SELECT substr(text, ${OUTHASH_TITLE.length + 2}, 20) AS head
              FROM outhash WHERE text LIKE '${OUTHASH_TITLE}' || char(10) || '%'))
  WHERE version GLOB '[0-9]*' GROUP BY version ORDER BY version`;

/** The garbage collection that was begun and not ended, if there is one. */
export function findCollection(db: DatabaseSyncInstance): Collection | undefined {
  const row = db.prepare("SELECT value FROM setting WHERE name = 'gc-mark' AND value <> ''").get();
  if (row === undefined) return undefined;
  const mark = String((row as { value: unknown }).value);
  const counts = db.prepare("SELECT sum(mark = ?1) AS keep, sum(mark <> ?1) AS remove FROM equivalence").get(mark) as {
    keep: unknown;
    remove: unknown;
  };
  return { mark, keep: Number(counts.keep), remove: Number(counts.remove) };
}

/** Puts the depids of the attached server on the workbench, for the joins. */
export function collectDepids(db: DatabaseSyncInstance): void {
  db.exec("INSERT INTO known SELECT depid, count(*) FROM equivalence GROUP BY depid");
}
