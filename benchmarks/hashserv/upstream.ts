import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Generator, startGenerator } from "./generator.ts";
import { startLatencyProxy } from "./latency-proxy.ts";
import { fill } from "./rows.ts";
import { startFilled, startOurs, startReference } from "./servers.ts";

/** Tasks of a build, and how many of them are ready to be asked for at a time: a generation of its graph. */
const TASKS = 5_000;
const TOGETHER = 100;
/** Milliseconds to the upstream and back. */
const ROUND_TRIPS = [5, 40, 200];
const ROUNDS = 3;
/** About as long as BitBake's server is asked, in seconds; it asks for one task after the other, and the rest is reckoned. */
const REFERENCE_SECONDS = 5;
/** Entries of the upstream: each round of each server has tasks that it has not seen. */
const ENTRIES = 200_000;

/** Of ten tasks so many are known upstream. */
const KINDS = [
  { name: "hits", known: 10 },
  { name: "misses", known: 0 },
  { name: "half of each", known: 5 },
];

/**
 * What a build waits for at "Initialising tasks", when its server has an upstream that is far away: our server, and BitBake's
 * where `BITBAKE_DIR` names a checkout. The upstream is ours for both, behind a proxy that delays all bytes.
 */
export async function benchUpstream(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "depid-bench-"));
  const generator = startGenerator();
  const upstream = await startFilled(join(folder, "upstream.db"), startOurs, (path) => fill(path, 0, ENTRIES));
  try {
    print(
      `${TASKS} tasks that the server does not know, ${TOGETHER} at a time, asked of an upstream far away; seconds`,
    );
    printRow("", "ours", "BitBake", "ratio");
    for (const roundTrip of ROUND_TRIPS) {
      const proxy = await startLatencyProxy(upstream.port, roundTrip);
      const options = ["--upstream", `127.0.0.1:${proxy.port}`];
      const ours = await startOurs(join(folder, `ours-${roundTrip}.db`), ...options);
      const reference = await startReference(join(folder, `reference-${roundTrip}.db`), ...options);
      try {
        for (const { name, known } of KINDS) {
          const times: number[] = [];
          for (let i = 0; i < ROUNDS; i++) times.push(await ask(generator, ours.port, known, TASKS));
          const few = Math.min(TASKS, Math.ceil(REFERENCE_SECONDS / (roundTrip / 1000) / TOGETHER) * TOGETHER);
          const theirs = reference && (await ask(generator, reference.port, known, few)) * (TASKS / few);
          const asked = reference !== undefined && few < TASKS ? `reckoned from ${few}` : "";
          const best = Math.min(...times);
          const ratio = theirs === undefined ? "-" : `${(theirs / best).toFixed(0)} x`;
          printRow(`${roundTrip} ms away, ${name}`, show(best), show(theirs), ratio, asked);
        }
      } finally {
        proxy.close();
        await Promise.all([ours, reference].map((peer) => peer?.stop()));
      }
    }
    if (process.env.BITBAKE_DIR === undefined)
      print("BITBAKE_DIR names no checkout of BitBake: its column is left out");
  } finally {
    generator.close();
    await upstream.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

let next = 0;

/** @returns seconds */
async function ask(generator: Generator, port: number, known: number, tasks: number): Promise<number> {
  const from = next;
  next += tasks;
  if (next > ENTRIES) throw new Error("the upstream has too few entries for so many rounds");
  const { perSecond } = await generator.run(port, {
    type: "generations",
    from,
    count: tasks,
    known,
    together: TOGETHER,
  });
  return tasks / perSecond;
}

function show(seconds: number | undefined): string {
  return seconds === undefined ? "-" : seconds.toFixed(2);
}

function printRow(title: string, ...cells: readonly string[]): void {
  print(title.padEnd(34) + cells.map((cell, i) => (i === 3 ? `  ${cell}` : cell.padStart(10))).join(""));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
