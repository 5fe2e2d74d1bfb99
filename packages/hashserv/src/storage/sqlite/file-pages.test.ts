import { randomBytes } from "node:crypto";
import {
  closeSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "@photostructure/sqlite";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FilePages } from "./file-pages.ts";

let directory: string;
let files = 0;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-pages-"));
});
afterAll(() => rm(directory, { recursive: true }));

const PAGE = 4096;

/** A database of some hundred pages, some of them in the file and some in the log alone, and its pages as remembered. */
function open() {
  const path = join(directory, `${files++}.db`);
  const db = new DatabaseSync(path);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (id INTEGER PRIMARY KEY, x)");
  const insert = (rows: number) =>
    db.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
      INSERT INTO t (x) SELECT randomblob(500) FROM n`);
  const checkpoint = (how: string) => db.exec(`PRAGMA wal_checkpoint(${how})`);
  insert(800);
  checkpoint("PASSIVE");
  insert(100);
  const pages = new FilePages(path);
  pages.keep();
  const close = () => {
    db.close();
    pages.close();
  };
  return { path, db, insert, checkpoint, pages, close };
}

function write(path: string, bytes: Uint8Array, position: number): void {
  const descriptor = openSync(path, "r+");
  writeSync(descriptor, bytes, 0, bytes.length, position);
  closeSync(descriptor);
}

describe("of pages that were remembered", () => {
  it("none has changed when nobody wrote, or a file has another time alone", async () => {
    const { path, pages, close } = open();
    expect(pages.findChanged().size).toBe(0);
    utimesSync(path, 1, 1);
    expect(pages.findChanged().size).toBe(0);
    expect((await pages.findForeign(pages.findChanged())).size).toBe(0);
    close();
  });

  it("those that SQLite has moved from the log have changed, and were not put there by others", async () => {
    const { insert, checkpoint, pages, close } = open();
    insert(100);
    checkpoint("PASSIVE");
    expect(pages.findChanged().size).toBeGreaterThan(0);
    expect((await pages.findForeign(pages.findChanged())).size).toBe(0);
    close();
  });

  it("those that are not in the log any more, as another was begun, tell nothing", async () => {
    const { insert, checkpoint, pages, close } = open();
    checkpoint("RESTART");
    insert(2);
    expect(pages.findChanged().size).toBeGreaterThan(0);
    expect((await pages.findForeign(pages.findChanged())).size).toBe(0);
    close();
  });

  it("those behind the last that have nothing in them tell nothing: SQLite makes a file longer before it writes them", async () => {
    const { path, pages, insert, close } = open();
    insert(100);
    truncateSync(path, statSync(path).size + 20 * PAGE);
    expect(pages.findChanged().size).toBe(0);
    close();
  });

  const HARM: Readonly<Record<string, (path: string) => void>> = {
    "the first": (path) => write(path, randomBytes(50), 40),
    "the last": (path) => write(path, randomBytes(8), statSync(path).size - 8),
    "the second half": (path) => {
      const half = Math.floor(statSync(path).size / 2);
      write(path, randomBytes(half), half);
    },
    "all, with those of another database": (path) => {
      const other = open();
      other.checkpoint("TRUNCATE");
      other.close();
      writeFileSync(path, readFileSync(other.path));
    },
    "those behind the second, which were cut off": (path) => truncateSync(path, 2 * PAGE),
    "all, which were cut off": (path) => truncateSync(path, 0),
    "one behind the last": (path) => write(path, randomBytes(PAGE), statSync(path).size),
    "a part of one behind the last": (path) => write(path, randomBytes(100), statSync(path).size),
  };

  it.each(Object.entries(HARM))("%s, overwritten or cut off, was put there by others", async (_which, harm) => {
    const { path, pages, insert, close } = open();
    insert(10);
    harm(path);
    expect(pages.findChanged().size).toBeGreaterThan(0);
    expect((await pages.findForeign(pages.findChanged())).size).toBeGreaterThan(0);
    try {
      close();
    } catch {
      // A database that was harmed may not even be closed.
    }
  });

  it("none was put there by others, however SQLite wrote", async () => {
    const STEPS = ["insert", "delete", "vacuum", "passive", "truncate", "restart", "keep"] as const;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }), async (steps) => {
        const { db, insert, checkpoint, pages, close } = open();
        for (const step of steps) {
          if (step === "insert") insert(50);
          else if (step === "delete") db.exec("DELETE FROM t WHERE id % 2");
          else if (step === "vacuum") db.exec("VACUUM");
          else if (step === "keep") pages.keep();
          else checkpoint(step);
          expect((await pages.findForeign(pages.findChanged())).size).toBe(0);
        }
        close();
      }),
      { numRuns: 20, examples: [[["truncate", "keep", "insert", "truncate"]]] },
    );
  });
});
