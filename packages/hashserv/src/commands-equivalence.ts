import {
  existsStream,
  get,
  getOutHash,
  getStream,
  parseStreamQuery,
  report,
  reportEquiv,
} from "@depid/hashserv-protocol";
import { type Command, createCommand, createStreamCommand } from "./command.ts";
import { reportEquivalence, reportOutHash } from "./equivalence.ts";
import {
  answerWithoutWriting,
  depIdsExist,
  findDepIds,
  findEquivalence,
  findOldestOfOutput,
  findOldestOfTask,
  findOldestRecord,
} from "./lookup.ts";

const ALSO_READ_ONLY = { readOnly: true };

/** Looking up and reporting (sections 7 and 8). */
export const EQUIVALENCE_COMMANDS: readonly Command[] = [
  createCommand(
    get,
    ["@read"],
    async ({ method, taskhash, all }, context) => {
      const find = all ? findOldestOfTask : findEquivalence;
      return (await find(context, { method, taskhash })) ?? null;
    },
    ALSO_READ_ONLY,
  ),

  createCommand(
    getOutHash,
    ["@read"],
    async ({ withDepId, ...key }, context) => {
      const find = withDepId ? findOldestOfOutput : findOldestRecord;
      return (await find(context, key)) ?? null;
    },
    ALSO_READ_ONLY,
  ),

  createStreamCommand(
    getStream,
    ["@read"],
    parseStreamQuery,
    async (keys, context) => (await findDepIds(context, keys)).map((depid) => depid ?? ""),
    ALSO_READ_ONLY,
  ),

  createStreamCommand(
    existsStream,
    ["@read"],
    (line) => line,
    async (depids, context) => (await depIdsExist(context, depids)).map(String),
    ALSO_READ_ONLY,
  ),

  createCommand(
    report,
    ["@read"],
    async (request, context) => {
      const { storage, upstream, visitor, readOnly } = context;
      const owner = visitor.username ?? request.details?.owner ?? null;
      const mayWrite = !readOnly && visitor.may(["@report"]);
      const depid = mayWrite
        ? await reportOutHash(storage, { ...request, details: { ...request.details, owner } }, upstream)
        : await answerWithoutWriting(context, request);
      return { method: request.method, taskhash: request.taskhash, depid };
    },
    ALSO_READ_ONLY,
  ),

  createCommand(reportEquiv, ["@read", "@report"], async (request, { storage }) => ({
    method: request.method,
    taskhash: request.taskhash,
    depid: await reportEquivalence(storage, request),
  })),
];
