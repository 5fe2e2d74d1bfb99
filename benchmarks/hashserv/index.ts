import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openClient } from "@depid/hashserv-client";
import { cleanUnused, gcMark, gcSweep } from "@depid/hashserv-protocol";
import { DatabaseSync } from "@photostructure/sqlite";
import { builtCheckout, takeAgainst } from "../checkout.ts";
import { type Generator, startGenerator } from "./generator.ts";
import { benchLarge } from "./large.ts";
import type { Load, Result } from "./load.ts";
import { fill, METHOD } from "./rows.ts";
import { type Peer, startCeiling, startFilled, startOurs, startOursOf, startReference } from "./servers.ts";

/** Entries in each server before anything is measured. */
const ENTRIES = 200_000;
/** Rounds of each measurement, the servers taking turns; the best counts, since others use the machine, too. */
const ROUNDS = 3;
/** Of streams of ours, which take a moment: the first of them have the program still being compiled. */
const STREAM_ROUNDS = 10;

interface Lane {
  readonly peer: Peer;
  /** "behind": ours with `--write-behind`. */
  readonly role: "ours" | "behind" | "ceiling" | "reference";
  /** Ours, of the commit to compare with. */
  readonly old?: true;
}

interface Measurement {
  readonly title: string;
  readonly unit: "answers/s" | "p99 ms";
  /** What was promised, in words. */
  readonly target: string;
  readonly roles: readonly Lane["role"][];
  /** `ROUNDS` unless told. */
  readonly rounds?: number;
  readonly load: (tag: string, role: Lane["role"]) => Load;
  /** Done before each round, and not measured. */
  readonly before?: (peer: Peer) => void;
}

const ALL = ["ours", "ceiling", "reference"] as const;
const BEHIND = ["behind", "ceiling", "reference"] as const;
const STREAMS = ["get-stream", "exists-stream"] as const;
const MEASUREMENTS: readonly Measurement[] = [
  ...STREAMS.map(
    (mode): Measurement => ({
      title: `${mode}, pipelined`,
      unit: "answers/s",
      target: "8 x reference, 0.67 x ceiling",
      roles: ALL,
      rounds: STREAM_ROUNDS,
      load: (_tag, role) => ({
        type: "stream",
        mode,
        entries: ENTRIES,
        count: role === "reference" ? ENTRIES / 2 : ENTRIES,
      }),
    }),
  ),
  ...STREAMS.map(
    (mode): Measurement => ({
      title: `${mode}, pipelined, another process just removed rows`,
      unit: "answers/s",
      target: "",
      roles: ["ours", "reference"],
      load: () => ({ type: "stream", mode, entries: ENTRIES, count: ENTRIES / 2 }),
      before: writeElsewhere,
    }),
  ),
  ...[1, 8].map(
    (connections): Measurement => ({
      title: `look-ups one at a time, ${connections} connection${connections === 1 ? "" : "s"}`,
      unit: "answers/s",
      target: "1.6 x reference, 0.8 x ceiling",
      roles: ALL,
      load: () => ({ type: "turns", connections, entries: ENTRIES, count: 20_000 }),
    }),
  ),
  ...[ALL, BEHIND].map(
    (roles): Measurement => ({
      title: `new reports, 32 connections${nameOf(roles)}`,
      unit: "answers/s",
      target: "10 x reference",
      roles,
      load: (tag) => ({ type: "reports", connections: 32, pipelined: 1, count: 6_000, tag, shared: false }),
    }),
  ),
  {
    title: `new reports, ten times as many of them${nameOf(BEHIND)}`,
    unit: "answers/s",
    target: "",
    roles: BEHIND,
    load: (tag, role) => ({
      type: "reports",
      connections: 32,
      pipelined: 1,
      count: role === "behind" ? 60_000 : 6_000,
      tag,
      shared: false,
    }),
  },
  {
    title: "new reports, pipelined on one connection",
    unit: "answers/s",
    target: "",
    roles: ALL,
    load: (tag) => ({ type: "reports", connections: 1, pipelined: 500, count: 6_000, tag, shared: false }),
  },
  ...[ALL, BEHIND].map(
    (roles): Measurement => ({
      title: `reports of one output, 32 connections${nameOf(roles)}`,
      unit: "answers/s",
      target: "50 x reference",
      roles,
      load: (tag, role) => ({
        type: "reports",
        connections: 32,
        pipelined: 1,
        count: role === "reference" ? 1_000 : 6_000,
        tag: `one ${tag}`,
        shared: true,
      }),
    }),
  ),
  ...[ALL, BEHIND].map(
    (roles): Measurement => ({
      title: `mixed 90/10, 30 connections${nameOf(roles)}`,
      unit: "p99 ms",
      target: "0.2 x reference",
      roles,
      load: (tag) => ({ type: "mixed", connections: 30, entries: ENTRIES, count: 9_000, tag }),
    }),
  ),
];

function nameOf(roles: readonly Lane["role"][]): string {
  return roles.includes("behind") ? ", --write-behind" : "";
}

/**
 * Our server, with its defaults and where it says so with `--write-behind`, against BitBake's (where `BITBAKE_DIR` names a checkout) and against a bare Node server
 * that answers the same lines out of a Map. Three processes and one that makes load; figures of one run only compare
 * with each other.
 *
 * @param args `--against COMMIT`: our server of that commit takes turns with them
 */
export async function benchHashserv(args: readonly string[] = []): Promise<void> {
  const { against } = takeAgainst(args);
  const folder = await mkdtemp(join(tmpdir(), "depid-bench-"));
  const generator = startGenerator();
  const lanes: Lane[] = [];
  try {
    lanes.push({ role: "ours", peer: await startFilled(join(folder, "ours.db"), startOurs, fillFile) });
    const startBehind = (database: string) => startOurs(database, "--write-behind");
    lanes.push({ role: "behind", peer: await startFilled(join(folder, "behind.db"), startBehind, fillFile) });
    if (against !== undefined) {
      const checkout = builtCheckout(against, folder);
      const startOld = (database: string) => startOursOf(checkout, database);
      const startOldBehind = (database: string) => startOursOf(checkout, database, "--write-behind");
      lanes.push({ role: "ours", old: true, peer: await startFilled(join(folder, "old.db"), startOld, fillFile) });
      const oldBehind = await startFilled(join(folder, "old-behind.db"), startOldBehind, fillFile);
      lanes.push({ role: "behind", old: true, peer: oldBehind });
    }
    lanes.push({ role: "ceiling", peer: await startCeiling(ENTRIES) });
    const reference = await startFilled(join(folder, "reference.db"), startReference, fillFile);
    if (reference !== undefined) lanes.push({ role: "reference", peer: reference });
    else print("BITBAKE_DIR names no checkout of BitBake: the column of the reference is left out");
    print(`\n${ENTRIES} entries, TCP; best of ${ROUNDS} rounds, of streams ${STREAM_ROUNDS}`);
    printRow("", "ours", "bare Node", "BitBake", against ?? "-", "ratio to bare", "to BitBake", "to it", "wanted");
    for (const measurement of MEASUREMENTS) await measure(measurement, lanes, generator);
    for (const { role, peer, old } of lanes)
      if (role === "ours" || role === "reference")
        await measureUpkeep(peer, generator, old ? `${peer.name} of ${against}` : peer.name);
    await measureSize(folder, generator);
    if (process.env.BENCH_LARGE === "1") await benchLarge();
  } finally {
    generator.close();
    await Promise.all(lanes.map(({ peer }) => peer.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

function fillFile(database: string): void {
  fill(database, 0, ENTRIES);
}

/** Has our server forget what it keeps in memory, as it does when others remove rows. */
function writeElsewhere({ database = "" }: Peer): void {
  const db = new DatabaseSync(database, { timeout: 5_000 });
  db.exec(`INSERT INTO unihashes_v3 (method, taskhash, unihash, gc_mark) VALUES ('bench', '', '', '');
    DELETE FROM unihashes_v3 WHERE method = 'bench'`);
  db.close();
}

let tag = 0;

async function measure(measurement: Measurement, lanes: readonly Lane[], generator: Generator): Promise<void> {
  const best = new Map<Column, number>();
  const { unit, title, target, rounds = ROUNDS } = measurement;
  for (let round = 0; round < rounds; round++) {
    for (const lane of lanes) {
      if (!measurement.roles.includes(lane.role) || (lane.role === "reference" && round >= ROUNDS)) continue;
      measurement.before?.(lane.peer);
      const result = await generator.run(lane.peer.port, measurement.load(`${process.pid} ${tag++}`, lane.role));
      const column = columnOf(lane);
      best.set(column, better(unit, best.get(column), result));
    }
  }
  const ours = best.get("ours") ?? Number.NaN;
  const others = (["ceiling", "reference", "old"] as const).map((column) => best.get(column));
  const show = (value: number | undefined) => (value === undefined ? "-" : value.toFixed(unit === "p99 ms" ? 1 : 0));
  const ratio = (to: number | undefined) => (to === undefined ? "-" : `${(ours / to).toFixed(2)} x`);
  printRow(`${title} (${unit})`, show(ours), ...others.map(show), ...others.map(ratio), target);
}

type Column = "ours" | "ceiling" | "reference" | "old";

function columnOf({ role, old }: Lane): Column {
  if (old) return "old";
  return role === "behind" ? "ours" : role;
}

function better(unit: Measurement["unit"], before: number | undefined, { perSecond, p99 }: Result): number {
  if (unit === "p99 ms") return Math.min(before ?? Number.POSITIVE_INFINITY, p99);
  return Math.max(before ?? 0, perSecond);
}

/** What look-ups of others take while all rows are marked, swept, and their outputs removed. Empties the database. */
async function measureUpkeep(peer: Peer, generator: Generator, name: string): Promise<void> {
  const client = await openClient(`127.0.0.1:${peer.port}`, { timeoutMs: 600_000 });
  const run = async (title: string, work: () => Promise<unknown>) => {
    const probing = generator.run(peer.port, { type: "probe", entries: ENTRIES });
    // A server that lets nobody in meanwhile would else be measured when it is through.
    await setTimeout(500);
    const start = performance.now();
    await work();
    const seconds = (performance.now() - start) / 1000;
    generator.stop();
    const { p99, max } = await probing;
    print(
      `${name}: ${title} took ${seconds.toFixed(1)} s; look-ups meanwhile: p99 ${p99.toFixed(1)} ms, longest ${max.toFixed(0)} ms`,
    );
  };
  print("");
  await run("gc-mark of all rows", () => client.call(gcMark, { mark: "x", where: { method: METHOD } }));
  await client.call(gcMark, { mark: "y", where: {} });
  await run("gc-sweep of all rows", () => client.call(gcSweep, { mark: "y" }));
  await run("clean-unused of all rows", () => client.call(cleanUnused, { maxAgeSeconds: 0 }));
  await client.close();
}

/** The same reports to both: how large the files become. */
async function measureSize(folder: string, generator: Generator): Promise<void> {
  const sizes: string[] = [];
  for (const [name, start] of [
    ["ours", startOurs],
    ["BitBake", startReference],
  ] as const) {
    const database = join(folder, `size-${name}.db`);
    const peer = await start(database);
    if (peer === undefined) continue;
    const load = {
      type: "reports",
      connections: 1,
      pipelined: 500,
      count: 20_000,
      tag: "size",
      shared: false,
    } as const;
    await generator.run(peer.port, load);
    await peer.stop();
    const db = new DatabaseSync(database);
    db.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    db.close();
    sizes.push(`${name} ${((await stat(database)).size / 1e6).toFixed(1)} MB`);
  }
  print(`\nthe file after the same 20000 reports: ${sizes.join(", ")}`);
}

function printRow(title: string, ...cells: readonly string[]): void {
  print(title.padEnd(66) + cells.map((cell, i) => (i === 7 ? `  ${cell}` : cell.padStart(14))).join(""));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
