import { hashInSql } from "@depid/hash";
import type { DatabaseSyncInstance } from "@photostructure/sqlite";
import type { Join } from "../join.ts";
import { see } from "./see.ts";

/** What was put on the workbench beside the files. */
export interface JoinScope {
  /** `database`: all rows of a server. `answers`: what a live one said. `none`: there was no server. */
  readonly server: "database" | "answers" | "none";
  /** Whose depids builds ask for; any method's if it is not known. */
  readonly method: string | undefined;
  /** How many examples to keep. */
  readonly limit: number;
}

/** Holds the files of an sstate directory, their siginfo, and what a server knows, together. */
export function queryJoin(db: DatabaseSyncInstance, { server, method, limit }: JoinScope): Join {
  db.exec(`
    CREATE INDEX IF NOT EXISTS object_depid ON object (depid);
    CREATE TEMP TABLE setscene AS SELECT DISTINCT task FROM object WHERE has_object;`);
  const look = (sql: string, ...values: string[]) => see(db, limit, sql, ...values);
  const objectsWithoutSiginfo = look("SELECT recipe, task, depid FROM object WHERE has_object AND NOT has_siginfo");
  const siginfosWithoutObject = look(
    `SELECT recipe, task, depid FROM object WHERE NOT has_object AND task IN (SELECT task FROM setscene)
      ${server === "database" ? "AND depid NOT IN (SELECT depid FROM known)" : ""}`, // those are told as entries without an object
  );
  if (server === "none") {
    return { objectsWithoutSiginfo, siginfosWithoutObject, twins: twinsOf(look, "object") };
  }
  const unmapped = `FROM object LEFT JOIN known USING (depid) LEFT JOIN siginfo USING (path)
    WHERE has_object AND known.depid IS NULL`;
  const wherever = server === "database" ? "equivalence" : "answer";
  // objects of these are told as mapped elsewhere, or of an invalid depid: one cause, one finding
  const mapped = `SELECT taskhash FROM ${wherever}${method === undefined ? "" : ` WHERE method = '${method.replaceAll("'", "''")}'`}`;
  const ours = `FROM siginfo CROSS JOIN object USING (path)
    JOIN ${wherever} AS theirs ON theirs.taskhash = siginfo.taskhash
      AND theirs.method ${method === undefined ? `IN (SELECT DISTINCT method FROM ${wherever})` : "= ?"}
    WHERE theirs.depid <> object.depid AND has_object ${server === "database" ? `AND ${hashInSql("theirs.depid")}` : ""}`;
  return {
    objectsWithoutSiginfo,
    siginfosWithoutObject,
    unmapped: look(
      `SELECT recipe, task, depid ${unmapped} AND (siginfo.taskhash IS NULL OR siginfo.taskhash = depid)
        AND (siginfo.taskhash IS NULL OR siginfo.taskhash NOT IN (${mapped}))`,
    ),
    unreachable: look(
      `SELECT recipe, task, depid, siginfo.taskhash ${unmapped} AND siginfo.taskhash <> depid
        AND siginfo.taskhash NOT IN (${mapped})`,
    ),
    mappedElsewhere: look(
      `SELECT recipe, task, object.depid, siginfo.taskhash, theirs.depid AS server ${ours}`,
      ...(method === undefined ? [] : [method]),
    ),
    ...(server === "database" ? { withoutObject: look(WITHOUT_OBJECT) } : {}),
    twins: twinsOf(look, server === "database" ? "all" : "object"),
  };
}

/** Depids of the server that no object is named by, with what reports and siginfo tell of them. */
const WITHOUT_OBJECT = `
  SELECT (SELECT recipe FROM equivalence JOIN outhash USING (method, taskhash) WHERE equivalence.depid = known.depid LIMIT 1) AS recipe,
    (SELECT task FROM equivalence JOIN outhash USING (method, taskhash) WHERE equivalence.depid = known.depid LIMIT 1) AS task,
    depid, equivalences
  FROM known WHERE NOT EXISTS (SELECT 1 FROM object WHERE object.depid = known.depid AND has_object)
    AND ${hashInSql("depid")}`;

/** One depid, several recipes or tasks: by the names of objects, and by what reports say. */
function twinsOf(look: (sql: string) => Join["twins"], where: "object" | "all"): Join["twins"] {
  const reported = `
    UNION SELECT depid, recipe, task FROM equivalence JOIN outhash USING (method, taskhash) WHERE recipe IS NOT NULL AND task IS NOT NULL`;
  return look(`
    SELECT group_concat(recipe || ':' || task, ' ') AS tasks, depid
    FROM (SELECT depid, recipe, task FROM object WHERE has_object ${where === "all" ? reported : ""} ORDER BY depid, recipe, task)
    GROUP BY depid HAVING count(DISTINCT recipe || ':' || task) > 1`);
}
