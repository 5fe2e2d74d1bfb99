import {
  existsStream,
  get,
  getOutHash,
  getStats,
  getStream,
  parseStreamQuery,
  ping,
  report,
  reportEquiv,
} from "@depid/hashserv-protocol";
import { type Command, createCommand, createStreamCommand } from "./command.ts";
import { answerWithoutWriting, reportEquivalence, reportOutHash } from "./equivalence.ts";

/** The commands in the order in which the first one present in a message is taken (section 5). */
export const COMMANDS: readonly Command[] = [
  createCommand(ping, [], async () => ({ alive: true })),

  createCommand(get, ["@read"], async ({ method, taskhash, all }, { storage }) => {
    if (all) return (await storage.findOldestOfTask({ method, taskhash })) ?? null;
    const [depid] = await storage.findDepIds([{ method, taskhash }]);
    return depid === undefined ? null : { method, taskhash, depid };
  }),

  createCommand(getOutHash, ["@read"], async ({ method, outhash, withDepId }, { storage }) => {
    const found = withDepId
      ? await storage.findOldestOfOutput(method, outhash)
      : await storage.findOldestRecord(method, outhash);
    return found ?? null;
  }),

  createStreamCommand(getStream, ["@read"], parseStreamQuery, async (keys, { storage }) => {
    const depids = await storage.findDepIds(keys);
    return depids.map((depid) => depid ?? "");
  }),

  createStreamCommand(
    existsStream,
    ["@read"],
    (line) => line,
    async (depids, { storage }) => (await storage.depIdsExist(depids)).map(String),
  ),

  createCommand(getStats, ["@read"], async (_request, { counter }) => counter.stats()),

  createCommand(report, ["@read"], async (request, { storage, permissions }) => {
    const mayWrite = permissions.has("@report") || permissions.has("@all");
    const depid = await (mayWrite ? reportOutHash : answerWithoutWriting)(storage, request);
    return { method: request.method, taskhash: request.taskhash, depid };
  }),

  createCommand(reportEquiv, ["@read", "@report"], async (request, { storage }) => ({
    method: request.method,
    taskhash: request.taskhash,
    depid: await reportEquivalence(storage, request),
  })),
];
