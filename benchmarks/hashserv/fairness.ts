import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { openClient } from "@depid/hashserv-client";
import { formatGreeting, formatMessage, getOutHash, report } from "@depid/hashserv-protocol";
import { depidOf, METHOD, outhashOf, taskhashOf } from "./rows.ts";
import { type Peer, startOurs, startReference } from "./servers.ts";

/** Characters of the big row, and how often each greedy client asks for it without reading an answer. */
const ROW = 1 << 20;
const ASKED = 2_000;
/** Seconds in which others are watched. */
const SECONDS = 6;
/** Answers of which the cheapest says what one takes. */
const SAMPLES = 30;

/**
 * What others wait for while greedy clients ask for a big row again and again and take none of the answers: as a time, and as what the
 * server's main thread computes meanwhile, which other work on the machine does not lengthen, as a ratio to what one answer
 * takes. Beside it the most memory that the server had.
 */
export async function benchFairness(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "depid-bench-"));
  const servers = [
    { name: "ours", start: startOurs },
    { name: "ours, --write-behind", start: (file: string) => startOurs(file, "--write-behind") },
    { name: "BitBake", start: startReference },
  ];
  print(
    `a row of ${ROW >> 20} MiB is asked for ${ASKED} times by each greedy client, which reads nothing; others ping`,
  );
  printRow("", "an answer, CPU", "longest wait", "median", "longest, CPU", "of 1st s, CPU", "answers", "memory");
  try {
    for (const greedy of [1, 64]) {
      for (const { name, start } of servers) {
        if (name === "BitBake" && greedy > 1) continue; // it gathers all answers in memory
        const peer = await start(join(folder, `${name}-${greedy}.db`));
        if (peer === undefined) continue;
        try {
          await measure(`${greedy} greedy, ${name}`, peer, greedy);
        } finally {
          await peer.stop();
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(title: string, peer: Peer, greedy: number): Promise<void> {
  const [answer, sockets] = [await costOfAnswer(peer), await connectAll(peer.port, greedy)];
  const ask = formatMessage({ [getOutHash.name]: { method: METHOD, outhash: outhashOf(0), taskhash: "" } });
  const start = performance.now();
  for (const socket of sockets) socket.write(ask.repeat(ASKED));
  const waits: { readonly at: number; readonly ms: number; readonly cpu: number }[] = [];
  while (performance.now() - start < SECONDS * 1000) {
    const [at, before] = [performance.now() - start, computed(peer)];
    waits.push({ at, ms: await timeOfPing(peer.port), cpu: computed(peer) - before });
    await setTimeout(10);
  }
  for (const socket of sockets) socket.destroy();
  const longest = (some: readonly number[]) => Math.max(0, ...some);
  const sorted = waits.map(({ ms }) => ms).sort((a, b) => a - b);
  const later = longest(waits.filter(({ at }) => at >= 1000).map(({ cpu }) => cpu));
  const first = longest(waits.filter(({ at }) => at < 1000).map(({ cpu }) => cpu));
  const times = [answer, longest(sorted), sorted[sorted.length >> 1] ?? 0, later, first];
  const ratio = `${(Math.max(first, later) / answer).toFixed(1)} x`;
  printRow(title, ...times.map((one) => `${one.toFixed(1)} ms`), ratio, `${peak(peer).toFixed(0)} MB`);
}

/** Reports the big row, and takes the least that the server computes for an answer to a client that waits for it. */
async function costOfAnswer(peer: Peer): Promise<number> {
  const client = await openClient(`127.0.0.1:${peer.port}`, { timeoutMs: 60_000 });
  const details = { owner: null, PN: null, PV: null, PR: null, task: null, outhashSiginfo: "x".repeat(ROW) };
  const row = { method: METHOD, taskhash: taskhashOf(0), outhash: outhashOf(0), depid: depidOf(0) as never };
  await client.call(report, { ...row, details } as never);
  const times: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const start = computed(peer);
    await client.call(getOutHash, { method: METHOD, outhash: outhashOf(0), taskhash: "", withDepId: true } as never);
    times.push(computed(peer) - start);
  }
  await client.close();
  return Math.min(...times);
}

async function connectAll(port: number, count: number): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, "127.0.0.1").pause());
  for (const socket of sockets) {
    socket.on("error", () => {});
    await new Promise((resolve) => socket.write(formatGreeting(), resolve));
  }
  return sockets;
}

/** Milliseconds until a client that comes anew is answered. */
function timeOfPing(port: number): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`${formatGreeting()}{"ping": {}}\n`);
    socket.once("data", () => {
      socket.destroy();
      resolve(performance.now() - start);
    });
    socket.once("error", reject);
  });
}

/** Milliseconds that the main thread of a process has had a processor; on Linux. */
function computed({ process: { pid } }: Peer): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
}

/** The most memory that a process has had, in MB; on Linux. */
function peak({ process: { pid } }: Peer): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

function printRow(title: string, ...cells: readonly string[]): void {
  print(title.padEnd(34) + cells.map((cell) => cell.padStart(14)).join(""));
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
