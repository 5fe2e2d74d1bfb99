import { ConnectionError } from "@depid/hashserv-client";
import {
  cleanUnused,
  gcMark,
  gcStatus,
  gcSweep,
  InvalidRequestError,
  type MarkRequest,
  remove,
} from "@depid/hashserv-protocol";
import { argument, type ClientContext, type RunCommand } from "./command.ts";
import { describeWhere, readWhere } from "./where.ts";

/** Lines of stdin sent to the server in one go. */
const BATCH = 1_000;

/** What removes rows, or says which to keep. By the name of its command. */
export const upkeep = {
  async remove({ client, warn }, args) {
    const where = readWhere(args);
    if (Object.keys(where).length === 0) return { text: "No query specified", json: { count: 0 } };
    const { count } = await client.call(remove, remove.parseArguments({ where }));
    if (count === 0) warn(`no row has ${describeWhere(where)}: nothing was removed`);
    return { text: `Removed ${count} row(s)`, json: { count } };
  },
  async "clean-unused"({ client, progress }, { args }) {
    const [maxAgeSeconds] = args as readonly [number];
    progress.update({ stage: "removing unused outputs" });
    const { count } = await client.call(cleanUnused, { maxAgeSeconds });
    return { text: `Removed ${count} rows`, json: { count } };
  },
  async "gc-status"({ client }) {
    const { mark, keep, remove: toRemove } = await client.call(gcStatus, {});
    const counts = `Total hashes to keep: ${keep}\nTotal hashes to remove: ${toRemove}`;
    const text = mark ? `Current Mark: ${mark}\n${counts}` : "No Garbage collection in progress";
    return { text, json: { mark, keep, remove: toRemove } };
  },
  async "gc-mark"({ client, warn }, args) {
    const [mark, where] = [argument(args, 0), readWhere(args)];
    const { count } = await client.call(gcMark, gcMark.parseArguments({ mark, where }));
    if (count === 0) warn(`no row has ${describeWhere(where)}: nothing was marked`);
    return { text: `New hashes marked: ${count}`, json: { count } };
  },
  async "gc-mark-stream"(context, args) {
    const count = await markLines(context, argument(args, 0));
    return { text: `New hashes marked: ${count}`, json: { count } };
  },
  async "gc-sweep"({ client, progress }, args) {
    progress.update({ stage: "removing hashes without the mark" });
    const { count } = await client.call(gcSweep, { mark: argument(args, 0) });
    return { text: `Removed ${count} rows`, json: { count } };
  },
} satisfies Readonly<Record<string, RunCommand>>;

async function markLines(context: ClientContext, mark: string): Promise<number> {
  let send = (requests: readonly MarkRequest[]) => context.client.gcMarkAll(requests);
  let [lines, marked] = [0, 0];
  for await (const batch of inBatches(context.input)) {
    const requests = batch.map((line) => gcMark.parseArguments({ mark, where: parsePairs(line) }));
    let counts: readonly number[];
    try {
      counts = await send(requests);
    } catch (error) {
      if (!(error instanceof ConnectionError)) throw error;
      context.warn("the server seems not to know gc-mark-stream; marking line by line with gc-mark");
      send = async (some) => {
        const answers: number[] = [];
        for (const request of some) answers.push((await context.client.call(gcMark, request)).count);
        return answers;
      };
      counts = await send(requests);
    }
    lines += batch.length;
    marked += counts.reduce((sum, count) => sum + count, 0);
    context.progress.update({ things: "lines", done: lines, detail: `${marked} hashes marked` });
  }
  return marked;
}

async function* inBatches(input: AsyncIterable<string>): AsyncGenerator<readonly string[]> {
  let batch: string[] = [];
  for await (const line of input) {
    if (line.trim() !== "") batch.push(line);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function parsePairs(line: string): Readonly<Record<string, string>> {
  const words = line.trim().split(/\s+/);
  if (words.length % 2 !== 0) {
    throw new InvalidRequestError(`input: expected KEY VALUE KEY VALUE ..., found ${JSON.stringify(line)}`);
  }
  return Object.fromEntries(words.flatMap((key, at) => (at % 2 === 0 ? [[key, words[at + 1] ?? ""]] : [])));
}
