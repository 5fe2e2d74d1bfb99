import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { builtCheckout, takeAgainst } from "../checkout.ts";
import { type Generator, startGenerator } from "./generator.ts";
import type { Load } from "./load.ts";
import { fillDatabase, openDatabases, waitForTables } from "./postgres-databases.ts";
import { fill } from "./rows.ts";
import { type Peer, startFilled, startOurs, startOursOf, startReference } from "./servers.ts";

/** Entries in each database before anything is measured. */
const ENTRIES = 100_000;
/** Rounds of each measurement, the servers taking turns; the best counts, since others use the machine, too. */
const ROUNDS = 3;

/** A server in the comparison. */
interface Lane {
  readonly role: "PostgreSQL" | "SQLite" | "BitBake" | "old";
  readonly peer: Peer;
}

interface Measurement {
  readonly title: string;
  /** @param count answers of one round */
  readonly load: (count: number, tag: string) => Load;
  readonly count: number;
  /** Answers of one round of BitBake's server, which is to take no longer than ours. */
  readonly countOfReference: number;
}

const MEASUREMENTS: readonly Measurement[] = [
  {
    title: "get-stream, pipelined",
    count: ENTRIES,
    countOfReference: 2_000,
    load: (count) => ({ type: "stream", mode: "get-stream", entries: ENTRIES, count }),
  },
  {
    title: "look-ups one at a time, 8 connections",
    count: 10_000,
    countOfReference: 2_000,
    load: (count) => ({ type: "turns", connections: 8, entries: ENTRIES, count }),
  },
  {
    title: "new reports, 32 connections",
    count: 4_000,
    countOfReference: 500,
    load: (count, tag) => ({ type: "reports", connections: 32, pipelined: 1, count, tag, shared: false }),
  },
  {
    title: "new reports, pipelined on one connection",
    count: 4_000,
    countOfReference: 500,
    load: (count, tag) => ({ type: "reports", connections: 1, pipelined: 500, count, tag, shared: false }),
  },
  {
    title: "reports of one output, 32 connections",
    count: 4_000,
    countOfReference: 500,
    load: (count, tag) => ({ type: "reports", connections: 32, pipelined: 1, count, tag, shared: true }),
  },
];

/**
 * Our server on PostgreSQL against our server on SQLite, and against BitBake's on PostgreSQL, where `BITBAKE_DIR` names
 * a checkout and Python has what it needs for that. All on one machine, PostgreSQL included.
 *
 * @param args `--against COMMIT`: our server of that commit, on PostgreSQL, takes turns with them
 */
export async function benchHashservPostgres(args: readonly string[] = []): Promise<void> {
  const { against } = takeAgainst(args);
  const folder = await mkdtemp(join(tmpdir(), "depid-bench-"));
  const databases = await openDatabases();
  const generator = startGenerator();
  const lanes: Lane[] = [];
  try {
    const fillHere = (database: string) => fillDatabase(database, ENTRIES);
    lanes.push({ role: "PostgreSQL", peer: await startFilled(await databases.create(), startOurs, fillHere) });
    const file = join(folder, "hashserv.db");
    const sqlite = await startFilled(file, startOurs, (database) => fill(database, 0, ENTRIES));
    lanes.push({ role: "SQLite", peer: sqlite });
    if (against !== undefined) {
      const checkout = builtCheckout(against, folder);
      const startOld = (database: string) => startOursOf(checkout, database);
      lanes.push({ role: "old", peer: await startFilled(await databases.create(), startOld, fillHere) });
    }
    const missing = whatReferenceLacks();
    const reference =
      missing === undefined ? await startFilled(await databases.create(), startOnAsyncpg, fillHere) : undefined;
    if (reference !== undefined) lanes.push({ role: "BitBake", peer: reference });
    else print(`${missing ?? "BITBAKE_DIR names no checkout of BitBake"}: the column of BitBake's server is left out`);
    print(`\n${ENTRIES} entries, TCP; answers a second, best of ${ROUNDS} rounds`);
    printRow("", "PostgreSQL", "SQLite", "BitBake", against ?? "-", "to SQLite", "to BitBake", "to it");
    for (const measurement of MEASUREMENTS) await measure(measurement, lanes, generator);
  } finally {
    generator.close();
    await Promise.all(lanes.map(({ peer }) => peer.stop()));
    await databases.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** BitBake's server names the driver in the address. It takes connections before it has made its tables. */
async function startOnAsyncpg(database: string): Promise<Peer | undefined> {
  const peer = await startReference(database.replace(/^postgres(ql)?:/, "postgresql+asyncpg:"));
  if (peer !== undefined) await waitForTables(database);
  return peer;
}

/** Why BitBake's server cannot use PostgreSQL here, if that is so. */
function whatReferenceLacks(): string | undefined {
  const { status } = spawnSync("/usr/bin/python3", ["-c", "import sqlalchemy, asyncpg"], { stdio: "ignore" });
  return status === 0 ? undefined : "/usr/bin/python3 has no sqlalchemy and asyncpg";
}

let tag = 0;

async function measure({ title, load, ...counts }: Measurement, lanes: readonly Lane[], generator: Generator) {
  const best = new Map<Lane["role"], number>();
  for (let round = 0; round < ROUNDS; round++) {
    for (const { role, peer } of lanes) {
      const count = role === "BitBake" ? counts.countOfReference : counts.count;
      const { perSecond } = await generator.run(peer.port, load(count, `${process.pid} ${tag++}`));
      best.set(role, Math.max(best.get(role) ?? 0, perSecond));
    }
  }
  const ours = best.get("PostgreSQL") ?? Number.NaN;
  const show = (role: Lane["role"]) => best.get(role)?.toFixed(0) ?? "-";
  const ratio = (role: Lane["role"]) =>
    best.has(role) ? `${(ours / (best.get(role) ?? Number.NaN)).toFixed(2)} x` : "-";
  const others = ["SQLite", "BitBake", "old"] as const;
  printRow(title, show("PostgreSQL"), ...others.map(show), ...others.map(ratio));
}

function printRow(title: string, ...cells: readonly string[]): void {
  print(title.padEnd(48) + cells.map((cell) => cell.padStart(14)).join(""));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
