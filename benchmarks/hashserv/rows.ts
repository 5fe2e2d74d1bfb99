import { createHash } from "node:crypto";
import { DatabaseSync } from "@photostructure/sqlite";

/** The method of all rows here; as long as BitBake's own. */
export const METHOD = "bench.OEOuthashBasic";

const hex = (text: string) => createHash("sha256").update(text).digest("hex");

/** Entry number `i` of a filled database. */
export const taskhashOf = (i: number | string): string => hex(`task ${i}`);
export const outhashOf = (i: number | string): string => hex(`output ${i}`);
export const depidOf = (i: number | string): string => hex(`depid ${i}`);

/** A report as BitBake sends it; the siginfo makes a row about as long as those of a real build. */
export function reportLine(taskhash: string, outhash: string, depid: string): string {
  const details = { owner: null, PN: "some-recipe", PV: "1.2.3", PR: "r0", task: "do_package" };
  const report = { taskhash, method: METHOD, outhash, unihash: depid, ...details, outhash_siginfo: SIGINFO };
  return JSON.stringify({ report });
}
const SIGINFO = "OEOuthashBasic\n18\ntask=package\ndrwxr-xr-x                              .\n".repeat(4);

/** Puts entries `from` to `to` into a database file that a server has made, as fast as can be, with its own columns. */
export function fill(path: string, from: number, to: number): void {
  const db = new DatabaseSync(path);
  try {
    db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -500000; BEGIN");
    const equivalence = db.prepare(
      "INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES (?, ?, ?, '')",
    );
    const outhash = db.prepare(
      "INSERT INTO outhashes_v2 (method, taskhash, outhash, created, PN, task) VALUES (?, ?, ?, ?, 'some-recipe', 'do_x')",
    );
    for (let i = from; i < to; i++) {
      const [taskhash, created] = [taskhashOf(i), new Date(1.5e12 + i).toISOString().replace("Z", "000+00:00")];
      equivalence.run(METHOD, taskhash, depidOf(i));
      outhash.run(METHOD, taskhash, outhashOf(i), created);
    }
    db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  } finally {
    db.close();
  }
}
