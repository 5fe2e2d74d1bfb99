import { randomBytes } from "node:crypto";
import { closeSync, openSync, readSync, statSync, truncateSync, utimesSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DatabaseFile } from "./database-file.ts";
import { Moves } from "./moves.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-file-"));
});
afterAll(() => rm(directory, { recursive: true }));

const PAGE = 4096;
const DAMAGED = "it was written to, and not by SQLite";

/** A database of some pages, open and looked at. */
function open() {
  const path = join(directory, `${files++}.db`);
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (x);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500) INSERT INTO t SELECT randomblob(500) FROM n;
    PRAGMA wal_checkpoint(PASSIVE)`);
  const file = new DatabaseFile(path);
  file.opened();
  const moves = new Moves(file.moves);
  const close = () => {
    db.close();
    file.close();
  };
  return { path, db, file, moves, close };
}

/** @returns puts back what was there */
function scribble(path: string, position: number, length = PAGE): () => void {
  const before = Buffer.alloc(length);
  const { size } = statSync(path);
  const put = (bytes: Uint8Array) => {
    const descriptor = openSync(path, "r+");
    if (bytes !== before) readSync(descriptor, before, 0, length, position);
    writeSync(descriptor, bytes, 0, length, position);
    closeSync(descriptor);
    later(path);
  };
  put(randomBytes(length));
  return () => {
    put(before);
    truncateSync(path, size);
  };
}

let seconds = 1;
/** As if some time had passed: what is written within one tick of the system's clock has the same time. */
function later(path: string): void {
  utimesSync(path, seconds, seconds);
  seconds++;
}

describe("a database file", () => {
  it("is not judged while one of our threads puts pages into it, though some are half written", async () => {
    const { path, file, moves, close } = open();
    let restore = () => {};
    let judging: Promise<unknown> | undefined;
    moves.around(() => {
      restore = scribble(path, 0, 2 * PAGE);
      judging = file.inspect();
    });
    restore();
    await judging;
    await file.inspect();
    close();
  });

  it("is taken as our threads have left it", async () => {
    const { path, db, file, moves, close } = open();
    db.exec("INSERT INTO t SELECT randomblob(500) FROM t");
    moves.around(() => db.exec("PRAGMA wal_checkpoint(RESTART)"));
    await file.inspect();
    later(path);
    await file.inspect();
    close();
  });

  it("is damaged when somebody writes to it while none of our threads does, and stays so", async () => {
    const { path, file, moves, close } = open();
    moves.around(() => {});
    await file.inspect();
    const restore = scribble(path, PAGE, statSync(path).size - PAGE);
    await expect(file.inspect()).rejects.toThrow(DAMAGED);
    restore();
    await expect(file.inspect()).rejects.toThrow(DAMAGED);
    close();
  });

  it("is damaged, too, when another log was begun since it was last written to", async () => {
    const { path, db, file, moves, close } = open();
    moves.around(() => db.exec("PRAGMA wal_checkpoint(PASSIVE)"));
    await file.inspect();
    db.exec("DELETE FROM t WHERE rowid = 1");
    await file.inspect();
    scribble(path, PAGE, statSync(path).size - PAGE);
    await expect(file.inspect()).rejects.toThrow(DAMAGED);
    close();
  });

  it("is not damaged by pages that are whole a moment later, as another process was writing them", async () => {
    const { path, file, close } = open();
    const restore = scribble(path, statSync(path).size - PAGE);
    const looked = file.inspect();
    restore();
    await looked;
    await file.inspect();
    close();
  });

  it("is never damaged by what SQLite does, in whatever order that is looked at", async () => {
    const STEPS = ["insert", "delete", "vacuum", "our move", "their move", "their restart", "look"] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 15 }), async (steps) => {
        const { path, db, file, moves, close } = open();
        for (const step of steps) {
          if (step === "insert") db.exec("INSERT INTO t SELECT randomblob(500) FROM t LIMIT 100");
          else if (step === "delete") db.exec("DELETE FROM t WHERE rowid % 2");
          else if (step === "vacuum") db.exec("VACUUM");
          else if (step === "our move") moves.around(() => db.exec("PRAGMA wal_checkpoint(PASSIVE)"));
          else if (step === "their move") db.exec("PRAGMA wal_checkpoint(PASSIVE)");
          else if (step === "their restart") db.exec("PRAGMA wal_checkpoint(RESTART)");
          else await file.inspect();
          if (step.endsWith("move")) later(path);
        }
        await file.inspect();
        close();
      }),
      { numRuns: 30 },
    );
  });
});
