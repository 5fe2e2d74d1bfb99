import {
  backfillWait,
  getDbQueryColumns,
  getDbUsage,
  getStats,
  InvalidRequestError,
  ping,
  QUERY_COLUMNS,
  resetStats,
} from "@depid/hashserv-protocol";
import { type Command, createCommand } from "./command.ts";

const ALSO_READ_ONLY = { readOnly: true };

/** What the server says of itself (section 7). */
export const SERVER_COMMANDS: readonly Command[] = [
  createCommand(ping, [], () => ({ alive: true }), ALSO_READ_ONLY),
  createCommand(getStats, ["@read"], (_request, { counter }) => counter.stats(), ALSO_READ_ONLY),
  createCommand(resetStats, ["@db-admin"], (_request, { counter }) => {
    const stats = counter.stats();
    counter.reset();
    return stats;
  }),
  createCommand(getDbUsage, ["@db-admin"], (_request, { storage }) => storage.read.countRows(), ALSO_READ_ONLY),
  createCommand(getDbQueryColumns, ["@db-admin"], () => QUERY_COLUMNS, ALSO_READ_ONLY),
  createCommand(backfillWait, ["@read"], async (_request, { upstream, backfill }) => {
    if (upstream === undefined) throw new InvalidRequestError("the server has no upstream");
    const tasks = backfill.size;
    await backfill.idle();
    return { tasks };
  }),
];
