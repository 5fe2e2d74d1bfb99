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
import { argument, type RunCommand } from "./command.ts";
import { formatTable } from "./layout.ts";

/** What only asks. By the name of its command. */
export const lookups = {
  async get({ client, warn }, args) {
    const [method, taskhash] = [argument(args, 0), argument(args, 1)];
    const answer = await client.call(raw(get), { method, taskhash, all: true });
    if (answer === null) warn(`the server has no unihash of ${taskhash}, method ${method}`);
    return { answer };
  },
  async "get-outhash"({ client, warn }, args) {
    const [method, outhash, taskhash] = [argument(args, 0), argument(args, 1), argument(args, 2)];
    const answer = await client.call(raw(getOutHash), { method, outhash, taskhash, withDepId: true });
    if (answer === null) warn(`the server has no record of the output ${outhash}, method ${method}`);
    return { answer };
  },
  async stats({ client }, { options }) {
    return { answer: await client.call(options.reset === true ? raw(resetStats) : raw(getStats), {}) };
  },
  async "get-db-usage"({ client }) {
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
  async "get-db-query-columns"({ client }) {
    const columns = (await client.call(getDbQueryColumns, {})).toSorted();
    return { text: columns.join("\n"), json: columns };
  },
  async "unihash-exists"({ client }, args) {
    const [exists = false] = await client.depIdsExist([argument(args, 0)]);
    if (args.options.quiet === true) return { json: exists, status: exists ? 0 : 1 };
    return { text: String(exists), json: exists };
  },
} satisfies Readonly<Record<string, RunCommand>>;

/** An answer as it is on the wire. */
function raw<Request>(method: ClientSide<Request, unknown>): ClientSide<Request, Json> {
  return { ...method, parseAnswer: (value) => value as Json };
}
