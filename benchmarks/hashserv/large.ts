import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { DatabaseSync } from "@photostructure/sqlite";
import { startGenerator } from "./generator.ts";
import type { Load } from "./load.ts";
import { residentMegabytes } from "./memory.ts";
import { depidOf, METHOD, taskhashOf } from "./rows.ts";
import { type Peer, startCeiling, startOurs } from "./servers.ts";

const SIZES = [10_000, 1_000_000, 10_000_000];
/** What one build looks up, however many rows there are. */
const BUILD = 10_000;
/** The bare server has two entries for each row in one Map, which holds 16 million at most. */
const MOST_BARE = 1_000_000;
/** Rows a second that our server reads into memory at the least; measured: 350,000. */
const READ_PER_SECOND = 250_000;
const ROUNDS = 3;

interface Lane {
  readonly rows: number;
  readonly name: string;
  readonly peer: Peer;
  /** The best of all rounds, by load: answers a second. */
  readonly best: Map<string, number>;
}

/** Look-ups with few rows and with many: how our speed changes, and that of a bare server; and our memory. */
export async function benchLarge(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "depid-bench-large-"));
  try {
    const files = new Map<number, string>();
    for (const rows of SIZES) {
      files.set(rows, join(folder, `${rows}.db`));
      const start = performance.now();
      await fillMap(join(folder, `${rows}.db`), rows);
      print(`a database of ${rows} rows made in ${((performance.now() - start) / 1000).toFixed(0)} s`);
    }
    await measureLarge(files, join(folder, "empty.db"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param files databases by the number of rows they have, fewest first
 * @param none where one without any is to be
 */
export async function measureLarge(files: ReadonlyMap<number, string>, none: string): Promise<void> {
  const generator = startGenerator();
  const lanes: Lane[] = [];
  try {
    const empty = await startOurs(none);
    await setTimeout(1_000);
    const without = residentMegabytes(empty);
    await empty.stop();
    for (const [rows, file] of files) {
      lanes.push({ rows, name: "ours", peer: await startOurs(file), best: new Map() });
      if (rows <= MOST_BARE) lanes.push({ rows, name: "bare Node", peer: await startCeiling(rows), best: new Map() });
    }
    const seconds = 2 + Math.ceil(Math.max(...files.keys()) / READ_PER_SECOND);
    print(`waiting ${seconds} s until our servers have read their rows into memory`);
    await setTimeout(seconds * 1000);
    for (let round = 0; round < ROUNDS; round++) {
      for (const { rows, peer, best } of lanes) {
        for (const [title, load] of Object.entries(loadsOf(rows))) {
          const { perSecond } = await generator.run(peer.port, load);
          best.set(title, Math.max(best.get(title) ?? 0, perSecond));
        }
      }
    }
    for (const title of Object.keys(loadsOf(BUILD))) printSpeeds(title, lanes);
    for (const { rows, name, peer } of lanes) {
      if (name !== "ours") continue;
      print(`memory with ${rows} rows: ${residentMegabytes(peer).toFixed(0)} MB, ${without.toFixed(0)} MB without any`);
    }
  } finally {
    generator.close();
    await Promise.all(lanes.map(({ peer }) => peer.stop()));
  }
}

/** As many look-ups whatever the number of rows, so that each speed is one of code that has been running as long. */
function loadsOf(rows: number): Readonly<Record<string, Load>> {
  const stream = { type: "stream", count: 200_000 } as const;
  return {
    "get-stream, all rows in turn": { ...stream, mode: "get-stream", entries: rows },
    "exists-stream, all rows in turn": { ...stream, mode: "exists-stream", entries: rows },
    [`get-stream, the ${BUILD} tasks of a build`]: { ...stream, mode: "get-stream", entries: BUILD },
    [`exists-stream, the ${BUILD} tasks of a build`]: { ...stream, mode: "exists-stream", entries: BUILD },
    "get-stream, all rows, one at a time": { type: "turns", connections: 1, entries: rows, count: 5_000 },
  };
}

/** A line for each server and number of rows, with the ratio to the same server's speed with the fewest. */
function printSpeeds(title: string, lanes: readonly Lane[]): void {
  print(`\n${title} (answers/s; best of ${ROUNDS} rounds, all servers taking turns)`);
  for (const { rows, name, best } of lanes) {
    const few = lanes.find((lane) => lane.name === name)?.best.get(title) ?? Number.NaN;
    const speed = best.get(title) ?? Number.NaN;
    print(
      `${name.padEnd(10)}${String(rows).padStart(10)} rows${speed.toFixed(0).padStart(10)}${(speed / few).toFixed(2).padStart(7)} x`,
    );
  }
}

/** Makes a database whose equivalence map has so many rows. Outputs, which look-ups do not read, are left out. */
async function fillMap(path: string, rows: number): Promise<void> {
  await (await startOurs(path)).stop();
  const db = new DatabaseSync(path);
  // The server makes this index anew when it starts, in a fraction of the time.
  db.exec("PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; DROP INDEX unihash_lookup_v1; BEGIN");
  const insert = db.prepare("INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES (?, ?, ?, '')");
  for (let i = 0; i < rows; i++) insert.run(METHOD, taskhashOf(i), depidOf(i));
  db.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
  db.close();
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
