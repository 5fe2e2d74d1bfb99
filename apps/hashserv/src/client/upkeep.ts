import { wholeNumber } from "@depid/command-line/flags";
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
import { argument, type ClientCommand, type ClientContext } from "./command.ts";
import { createWhereOption, describeWhere, readWhere } from "./where.ts";

/** Lines of stdin sent to the server in one go. */
const BATCH = 1_000;

/** Commands that remove rows, or say which to keep. */
export const UPKEEP: readonly ClientCommand[] = [
  {
    syntax: "remove",
    summary: "remove rows",
    examples: [
      { line: "depid-hashclient remove --where unihash UNIHASH", does: "rows of one unihash" },
      {
        line: "depid-hashclient --login admin --password TOKEN remove -w method METHOD -w taskhash TASKHASH",
        does: "rows that are both, as a user who may",
      },
    ],
    configure: (command) => command.addOption(createWhereOption("rows in which KEY is VALUE")),
    async run({ client, warn }, args) {
      const where = readWhere(args);
      if (Object.keys(where).length === 0) return { text: "No query specified", json: { count: 0 } };
      const { count } = await client.call(remove, remove.parseArguments({ where }));
      if (count === 0) warn(`no row has ${describeWhere(where)}: nothing was removed`);
      return { text: `Removed ${count} row(s)`, json: { count } };
    },
  },
  {
    syntax: "clean-unused",
    summary: "remove outputs that no unihash belongs to, and that are older",
    examples: [
      { line: "depid-hashclient clean-unused 2592000", does: "outputs older than thirty days" },
      { line: "depid-hashclient clean-unused 0 --json", does: "all of them, for programs" },
    ],
    configure: (command) => command.argument("<seconds>", "the age from which on they are removed", wholeNumber()),
    async run({ client, progress }, { args }) {
      const [maxAgeSeconds] = args as readonly [number];
      progress.update({ stage: "removing unused outputs" });
      const { count } = await client.call(cleanUnused, { maxAgeSeconds });
      return { text: `Removed ${count} rows`, json: { count } };
    },
  },
  {
    syntax: "gc-status",
    summary: "the current mark, and what a sweep would keep and remove",
    examples: [
      { line: "depid-hashclient gc-status", does: "whether a collection has begun" },
      { line: "depid-hashclient gc-status --json", does: "the same for programs" },
    ],
    async run({ client }) {
      const { mark, keep, remove: toRemove } = await client.call(gcStatus, {});
      const counts = `Total hashes to keep: ${keep}\nTotal hashes to remove: ${toRemove}`;
      const text = mark ? `Current Mark: ${mark}\n${counts}` : "No Garbage collection in progress";
      return { text, json: { mark, keep, remove: toRemove } };
    },
  },
  {
    syntax: "gc-mark <mark>",
    summary: "begin a garbage collection, or go on with it: mark hashes to be kept",
    examples: [
      { line: "depid-hashclient gc-mark january --where unihash UNIHASH", does: "keeps one unihash" },
      {
        line: "depid-hashclient gc-mark january --where method oe.sstatesig.OEOuthashBasic",
        does: "keeps all of a method",
      },
    ],
    configure: (command) => command.addOption(createWhereOption("keep rows in which KEY is VALUE")),
    async run({ client, warn }, args) {
      const [mark, where] = [argument(args, 0), readWhere(args)];
      const { count } = await client.call(gcMark, gcMark.parseArguments({ mark, where }));
      if (count === 0) warn(`no row has ${describeWhere(where)}: nothing was marked`);
      return { text: `New hashes marked: ${count}`, json: { count } };
    },
  },
  {
    syntax: "gc-mark-stream <mark>",
    summary: "mark hashes to be kept, each line of stdin being KEY VALUE KEY VALUE ...",
    examples: [
      { line: "depid-hashclient gc-mark-stream january < keep.txt", does: "lines such as: unihash UNIHASH" },
      { line: "zcat keep.gz | depid-hashclient gc-mark-stream january --json", does: "the same, for programs" },
    ],
    async run(context, args) {
      const count = await markLines(context, argument(args, 0));
      return { text: `New hashes marked: ${count}`, json: { count } };
    },
  },
  {
    syntax: "gc-sweep <mark>",
    summary: "end a garbage collection: remove all hashes without the mark",
    examples: [
      { line: "depid-hashclient gc-sweep january", does: "removes what was not marked" },
      { line: "depid-hashclient --login admin --password TOKEN gc-sweep january", does: "as a user who may" },
    ],
    async run({ client, progress }, args) {
      progress.update({ stage: "removing hashes without the mark" });
      const { count } = await client.call(gcSweep, { mark: argument(args, 0) });
      return { text: `Removed ${count} rows`, json: { count } };
    },
  },
];

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
