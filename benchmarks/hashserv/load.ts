import { connect, type Socket } from "node:net";
import { depidOf, METHOD, outhashOf, reportLine, taskhashOf } from "./rows.ts";

/** What the load generator is asked to do. */
export type Load =
  | { readonly type: "stream"; readonly mode: Mode; readonly entries: number; readonly count: number }
  /** Look-ups of tasks from a number on, so many `together`, each lot when the one before is answered. Of ten tasks `known` are known. */
  | {
      readonly type: "generations";
      readonly from: number;
      readonly count: number;
      readonly known: number;
      readonly together: number;
    }
  | { readonly type: "turns"; readonly connections: number; readonly entries: number; readonly count: number }
  /** New reports, one at a time on each connection or `pipelined` at a time; of one output, if `shared`. */
  | {
      readonly type: "reports";
      readonly connections: number;
      readonly pipelined: number;
      readonly count: number;
      readonly tag: string;
      readonly shared: boolean;
    }
  /** Nine look-ups for each report, one at a time on each connection. */
  | {
      readonly type: "mixed";
      readonly connections: number;
      readonly entries: number;
      readonly count: number;
      readonly tag: string;
    }
  /** Look-ups, one a millisecond, until told to stop. */
  | { readonly type: "probe"; readonly entries: number };

export type Mode = "get-stream" | "exists-stream";

/** What came of it: answers a second, and milliseconds that single answers took. */
export interface Result {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Runs in a process of its own, so that it takes no time from what it measures; a job by each message. */
let stopped = false;
process.on("message", async (message: { port: number; load: Load } | "stop") => {
  if (message === "stop") {
    stopped = true;
    return;
  }
  stopped = false;
  const sockets: Peer[] = [];
  try {
    process.send?.(await run(message.load, message.port, sockets));
  } catch (error) {
    process.send?.({ error: String(error) });
  } finally {
    for (const { socket } of sockets) socket.destroy();
  }
});

/** A connection that has said hello. */
interface Peer {
  readonly socket: Socket;
  /** Sends bytes. @returns the text of the answer: as many lines as were sent, or bytes, if told */
  exchange(bytes: Buffer, lines: number): Promise<Buffer>;
}

async function open(port: number, peers: Peer[]): Promise<Peer> {
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  let wanted = 0;
  let got: Buffer[] = [];
  let settle: { resolve: (bytes: Buffer) => void; reject: (error: Error) => void } | undefined;
  const fail = () => settle?.reject(new Error("connection lost"));
  socket.on("error", fail).on("close", fail);
  socket.on("data", (bytes) => {
    got.push(bytes);
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) wanted--;
    if (wanted > 0) return;
    const all = got.length === 1 ? (got[0] as Buffer) : Buffer.concat(got);
    got = [];
    settle?.resolve(all);
  });
  const peer: Peer = {
    socket,
    exchange(bytes, lines) {
      wanted = lines;
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      });
    },
  };
  peers.push(peer);
  socket.write("OEHASHEQUIV 1.1\n\n");
  return peer;
}

async function enter(peer: Peer, mode: Mode): Promise<void> {
  const answer = await peer.exchange(Buffer.from(`{"${mode}": null}\n`), 1);
  if (String(answer) !== '"ok"\n') throw new Error(`${mode}: ${answer}`);
}

function run(load: Load, port: number, peers: Peer[]): Promise<Result> {
  switch (load.type) {
    case "stream":
      return stream(load, port, peers);
    case "generations":
      return generations(load, port, peers);
    case "turns":
      return turns(load, port, peers);
    case "reports":
      return reports(load, port, peers);
    case "mixed":
      return mixed(load, port, peers);
    case "probe":
      return probe(load, port, peers);
  }
}

/** A walk through the entries in no order. */
const pick = (i: number, entries: number) => (i * 7919) % entries;
const lineOf = (mode: Mode, i: number) => (mode === "get-stream" ? `${METHOD} ${taskhashOf(i)}\n` : `${depidOf(i)}\n`);
const answerOf = (mode: Mode, i: number) => (mode === "get-stream" ? `${depidOf(i)}\n` : "true\n");

type LoadOf<Type> = Extract<Load, { type: Type }>;

/** All lines at once; the answers are compared byte for byte once the time is taken. */
async function stream({ mode, entries, count }: LoadOf<"stream">, port: number, peers: Peer[]): Promise<Result> {
  const peer = await open(port, peers);
  const numbers = Array.from({ length: count }, (_, i) => pick(i, entries));
  const asked = Buffer.from(numbers.map((i) => lineOf(mode, i)).join(""));
  const expected = Buffer.from(numbers.map((i) => answerOf(mode, i)).join(""));
  await enter(peer, mode);
  const start = performance.now();
  const answer = await peer.exchange(asked, count);
  const ms = performance.now() - start;
  if (!answer.equals(expected)) throw new Error(`${mode}: wrong answers`);
  return { perSecond: (count / ms) * 1000, p50: ms, p99: ms, max: ms };
}

async function generations(
  { from, count, known, together }: LoadOf<"generations">,
  port: number,
  peers: Peer[],
): Promise<Result> {
  const peer = await open(port, peers);
  const lots = Array.from({ length: Math.ceil(count / together) }, (_, lot) => {
    const first = from + lot * together;
    const numbers = Array.from({ length: Math.min(together, from + count - first) }, (_, i) => first + i);
    const isKnown = (i: number) => i % 10 < known;
    return {
      lines: numbers.length,
      asked: Buffer.from(numbers.map((i) => `${METHOD} ${taskhashOf(isKnown(i) ? i : `unknown ${i}`)}\n`).join("")),
      expected: Buffer.from(numbers.map((i) => `${isKnown(i) ? depidOf(i) : ""}\n`).join("")),
    };
  });
  await enter(peer, "get-stream");
  const start = performance.now();
  for (const { asked, expected, lines } of lots) {
    const answer = await peer.exchange(asked, lines);
    if (!answer.equals(expected)) throw new Error("get-stream: wrong answers");
  }
  const ms = performance.now() - start;
  return { perSecond: (count / ms) * 1000, p50: ms, p99: ms, max: ms };
}

async function turns({ connections, entries, count }: LoadOf<"turns">, port: number, peers: Peer[]): Promise<Result> {
  const asked = Array.from({ length: count }, (_, i) => Buffer.from(lineOf("get-stream", pick(i, entries))));
  await openAll(connections, port, peers);
  for (const peer of peers) await enter(peer, "get-stream");
  return inTurn(peers, count, (peer, i) => peer.exchange(asked[i] as Buffer, 1));
}

async function reports(
  { connections, pipelined, count, tag, shared }: LoadOf<"reports">,
  port: number,
  peers: Peer[],
): Promise<Result> {
  const asked = Array.from({ length: Math.ceil(count / pipelined) }, (_, batch) =>
    Buffer.from(
      Array.from({ length: pipelined }, (_, i) => {
        const name = `${tag} ${batch * pipelined + i}`;
        return `${reportLine(taskhashOf(name), shared ? outhashOf(tag) : outhashOf(name), depidOf(name))}\n`;
      }).join(""),
    ),
  );
  await openAll(connections, port, peers);
  const result = await inTurn(peers, asked.length, (peer, i) => peer.exchange(asked[i] as Buffer, pipelined));
  return { ...result, perSecond: result.perSecond * pipelined };
}

async function mixed(
  { connections, entries, count, tag }: LoadOf<"mixed">,
  port: number,
  peers: Peer[],
): Promise<Result> {
  await openAll(connections, port, peers);
  const lookups = peers.filter((_, i) => i % 10 !== 0);
  const reporters = peers.filter((_, i) => i % 10 === 0);
  for (const peer of lookups) await enter(peer, "get-stream");
  const asked = Array.from({ length: count }, (_, i) => Buffer.from(lineOf("get-stream", pick(i, entries))));
  const told = Array.from({ length: Math.ceil(count / 9) }, (_, i) => {
    const name = `${tag} ${i}`;
    return Buffer.from(`${reportLine(taskhashOf(name), outhashOf(name), depidOf(name))}\n`);
  });
  // Whoever is through first waits for the other, so that the mixture stays what it is.
  const times: number[] = [];
  const start = performance.now();
  let [answered, reported] = [0, 0];
  const timed = async (peer: Peer, bytes: Buffer) => {
    const from = performance.now();
    await peer.exchange(bytes, 1);
    times.push(performance.now() - from);
  };
  const look = async (peer: Peer) => {
    while (answered < count) {
      if (answered > (reported + reporters.length) * 9) await new Promise((resolve) => setImmediate(resolve));
      else await timed(peer, asked[answered++] as Buffer);
    }
  };
  const tell = async (peer: Peer) => {
    while (reported < told.length) {
      if (reported * 9 > answered + lookups.length) await new Promise((resolve) => setImmediate(resolve));
      else await timed(peer, told[reported++] as Buffer);
    }
  };
  await Promise.all([...lookups.map(look), ...reporters.map(tell)]);
  return summarise(times, performance.now() - start);
}

async function probe({ entries }: LoadOf<"probe">, port: number, peers: Peer[]): Promise<Result> {
  const peer = await open(port, peers);
  await enter(peer, "get-stream");
  const times: number[] = [];
  const start = performance.now();
  for (let i = 0; !stopped; i++) {
    const bytes = Buffer.from(lineOf("get-stream", pick(i, entries)));
    const from = performance.now();
    await peer.exchange(bytes, 1);
    const took = performance.now() - from;
    times.push(took);
    // Whoever would have asked meanwhile, a millisecond after the other, would have waited, too.
    for (let ms = took - 1; ms > 0; ms--) times.push(ms);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return summarise(times, performance.now() - start);
}

async function openAll(connections: number, port: number, peers: Peer[]): Promise<void> {
  for (let i = 0; i < connections; i++) await open(port, peers);
}

/** Hands out numbered jobs, one at a time to each peer. */
async function inTurn(peers: readonly Peer[], count: number, job: (peer: Peer, i: number) => Promise<unknown>) {
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  await Promise.all(
    peers.map(async (peer) => {
      while (next < count) {
        const i = next++;
        const from = performance.now();
        await job(peer, i);
        times.push(performance.now() - from);
      }
    }),
  );
  return summarise(times, performance.now() - start);
}

function summarise(times: number[], ms: number): Result {
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(Math.floor(times.length * share), times.length - 1)] ?? 0;
  return { perSecond: (times.length / ms) * 1000, p50: at(0.5), p99: at(0.99), max: at(1) };
}
