import {
  type ClientSide,
  get,
  getDbQueryColumns,
  getDbUsage,
  getOutHash,
  getStats,
  type Json,
  resetStats,
} from "@depid/hashserv-protocol";
import { argument, type ClientCommand } from "./command.ts";
import { formatTable } from "./layout.ts";

/** Commands that only ask. */
export const LOOKUPS: readonly ClientCommand[] = [
  {
    syntax: "get <method> <taskhash>",
    summary: "the unihash of a taskhash, with all that is known of its oldest output",
    examples: [
      {
        line: "depid-hashclient get oe.sstatesig.OEOuthashBasic TASKHASH",
        does: "from the server of this build directory",
      },
      {
        line: "depid-hashclient --address hashserv:8686 get oe.sstatesig.OEOuthashBasic TASKHASH --json",
        does: "from another server; null if it knows none",
      },
    ],
    async run({ client, warn }, args) {
      const [method, taskhash] = [argument(args, 0), argument(args, 1)];
      const answer = await client.call(raw(get), { method, taskhash, all: true });
      if (answer === null) warn(`the server has no unihash of ${taskhash}, method ${method}`);
      return { answer };
    },
  },
  {
    syntax: "get-outhash <method> <outhash> <taskhash>",
    summary: "the oldest record of an output",
    examples: [
      {
        line: "depid-hashclient get-outhash oe.sstatesig.OEOuthashBasic OUTHASH TASKHASH",
        does: "who put this out first",
      },
      {
        line: "depid-hashclient --address hashserv:8686 get-outhash oe.sstatesig.OEOuthashBasic OUTHASH TASKHASH",
        does: "the same of another server",
      },
    ],
    async run({ client, warn }, args) {
      const [method, outhash, taskhash] = [argument(args, 0), argument(args, 1), argument(args, 2)];
      const answer = await client.call(raw(getOutHash), { method, outhash, taskhash, withDepId: true });
      if (answer === null) warn(`the server has no record of the output ${outhash}, method ${method}`);
      return { answer };
    },
  },
  {
    syntax: "stats",
    summary: "how many requests the server has handled, and how fast",
    examples: [
      { line: "depid-hashclient stats", does: "all requests since the server began" },
      { line: "depid-hashclient --address hashserv:8686 stats --reset", does: "and begins anew" },
    ],
    configure: (command) => command.option("--reset", "begin anew afterwards"),
    async run({ client }, { options }) {
      return { answer: await client.call(options.reset === true ? raw(resetStats) : raw(getStats), {}) };
    },
  },
  {
    syntax: "get-db-usage",
    summary: "how many rows each table has",
    examples: [
      { line: "depid-hashclient get-db-usage", does: "a table for people" },
      { line: "depid-hashclient get-db-usage --json", does: "the same for programs" },
    ],
    async run({ client }) {
      const tables = [...(await client.call(getDbUsage, {}))];
      const sorted = tables.toSorted(([one], [two]) => (one < two ? -1 : 1));
      const shown = tables.map(([table, rows]) => `'${table}': {'rows': ${rows}}`).join(", ");
      const table = formatTable(
        ["Table name", "Rows".padEnd(20)],
        sorted.map(([name, rows]) => [name, String(rows).padEnd(20)]),
      );
      const total = tables.reduce((sum, [, rows]) => sum + rows, 0);
      return {
        text: `{${shown}}\n${table}\n\nTotal rows: ${total}`,
        json: { usage: Object.fromEntries(sorted.map(([name, rows]) => [name, { rows }])), total },
      };
    },
  },
  {
    syntax: "get-db-query-columns",
    summary: "the columns that --where may name",
    examples: [
      { line: "depid-hashclient get-db-query-columns", does: "a name in each line" },
      {
        line: "depid-hashclient --address hashserv:8686 get-db-query-columns --json",
        does: "of another server, for programs",
      },
    ],
    async run({ client }) {
      const columns = (await client.call(getDbQueryColumns, {})).toSorted();
      return { text: columns.join("\n"), json: columns };
    },
  },
  {
    syntax: "unihash-exists <unihash>",
    summary: "whether the server knows a unihash",
    examples: [
      { line: "depid-hashclient unihash-exists UNIHASH", does: "prints true or false" },
      { line: "depid-hashclient unihash-exists UNIHASH --quiet && echo yes", does: "tells by the exit status" },
    ],
    configure: (command) => command.option("--quiet", "print nothing; exit status 0 if it exists, 1 if not"),
    async run({ client }, args) {
      const [exists = false] = await client.depIdsExist([argument(args, 0)]);
      if (args.options.quiet === true) return { json: exists, status: exists ? 0 : 1 };
      return { text: String(exists), json: exists };
    },
  },
];

/** An answer as it is on the wire. */
function raw<Request>(method: ClientSide<Request, unknown>): ClientSide<Request, Json> {
  return { ...method, parseAnswer: (value) => value as Json };
}
