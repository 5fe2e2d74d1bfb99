import { parseDepId, parseTaskHash, sha256Hex } from "@depid/hash";
import type { HashClient } from "@depid/hashserv-client";
import type { StressDocument, TimesDocument } from "../documents/index.ts";
import { type ClientContext, type RunCommand, textOption } from "./command.ts";
import { formatSeconds } from "./layout.ts";
import { summarize } from "./statistics.ts";

/** The method under which stress looks up and reports. */
const METHOD = "stress.test.method";

/** What takes the time of requests. By the name of its command. */
export const timing = {
  async ping(context, { options }) {
    const count = options.count as number;
    const each = options.quiet !== true && !context.json;
    const json = summarize(await ping(context, count, each));
    return { text: (each ? "------------------------\n" : "") + formatPings(json), json };
  },
  async stress(context, args) {
    const [clients, requests] = [args.options.clients as number, args.options.requests as number];
    const taskhashes = hashes(textOption(args, "taskhashSeed") ?? "", requests);
    const result = await lookUp(context, clients, taskhashes);
    if (args.options.report === true) {
      await reportAll(context, taskhashes, hashes(textOption(args, "outhashSeed") ?? "", requests));
    }
    const { times, elapsed, found } = result;
    const missed = times.length - found;
    const json = { clients, requests, elapsed, found, missed, times: summarize(times) };
    return { text: formatStress(json), json };
  },
} satisfies Readonly<Record<string, RunCommand>>;

async function ping({ client, write }: ClientContext, count: number, each: boolean): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 1; i <= count; i++) {
    if (each) write(`Ping ${i} of ${count}... `);
    const [time] = await timed(() => client.ping());
    times.push(time);
    if (each) write(`${formatSeconds(time)}\n`);
  }
  return times;
}

async function lookUp(context: ClientContext, count: number, taskhashes: readonly string[]) {
  const clients = await Promise.all(Array.from({ length: count }, () => context.openAnother()));
  const times: number[] = [];
  let found = 0;
  const work = async (client: HashClient) => {
    for (const taskhash of taskhashes) {
      const [time, [depid]] = await timed(() => client.getDepIds([{ method: METHOD, taskhash }]));
      times.push(time);
      if (depid !== undefined) found++;
      if (times.length % 100 === 0)
        context.progress.update({ things: "look-ups", done: times.length, total: count * taskhashes.length });
    }
  };
  try {
    const [elapsed] = await timed(() => Promise.all(clients.map(work)));
    return { times, elapsed, found };
  } finally {
    for (const client of clients) await client.close();
  }
}

async function reportAll(
  { client, progress }: ClientContext,
  taskhashes: readonly string[],
  outhashes: readonly string[],
): Promise<void> {
  for (const [i, taskhash] of taskhashes.entries()) {
    const key = { method: METHOD, taskhash: parseTaskHash(taskhash), outhash: outhashes[i] ?? "" };
    await client.report({ ...key, depid: parseDepId(taskhash) });
    if (i % 100 === 0) progress.update({ things: "reports", done: i, total: taskhashes.length });
  }
}

/** Seconds that something took, and what came of it. */
async function timed<T>(work: () => Promise<T>): Promise<readonly [seconds: number, result: T]> {
  const start = performance.now();
  const result = await work();
  return [(performance.now() - start) / 1000, result];
}

function hashes(seed: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => sha256Hex(`${seed}${i}`));
}

function formatPings(times: TimesDocument): string {
  return [
    `Number of pings:         ${times.count}`,
    `Average round trip time: ${formatSeconds(times.mean)}`,
    `Median round trip time:  ${formatSeconds(times.median)}`,
    `Round trip time std dev: ${formatSeconds(times.deviation)}`,
    `Min time is:             ${formatSeconds(times.min)}`,
    `Max time is:             ${formatSeconds(times.max)}`,
  ].join("\n");
}

function formatStress({ clients, requests, elapsed, found, missed, times }: StressDocument): string {
  return [
    `Number of clients:    ${clients}`,
    `Requests per client:  ${requests}`,
    `Number of requests:   ${times.count}`,
    `Total elapsed time:   ${formatSeconds(elapsed)}`,
    `Total request rate:   ${(times.count / elapsed).toFixed(3)} req/s`,
    `Average request time: ${formatSeconds(times.mean)}`,
    `Median request time:  ${formatSeconds(times.median)}`,
    `Request time std dev: ${formatSeconds(times.deviation)}`,
    `Maximum request time: ${formatSeconds(times.max)}`,
    `Minimum request time: ${formatSeconds(times.min)}`,
    `Hashes found:         ${found}`,
    `Hashes missed:        ${missed}`,
  ].join("\n");
}
