import {
  type Equivalence,
  type EquivalenceKey,
  existsStream,
  get,
  getOutHash,
  getStream,
  type JoinedRow,
  type OutHashKey,
  type OutHashRow,
  parseStreamQuery,
  type Report,
  report,
  reportEquiv,
  reportOfOldClient,
} from "@depid/hashserv-protocol";
import {
  answerWithoutWriting,
  depIdsExist,
  findDepIds,
  findEquivalence,
  findOldestOfOutput,
  findOldestOfTask,
  findOldestRecord,
} from "../equivalence/lookup.ts";
import { reportEquivalence, reportOutHash, reportOutHashes } from "../equivalence/report.ts";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import {
  type Answers,
  type Command,
  type CommandContext,
  createBatchCommand,
  createCommand,
  createStreamCommand,
} from "./command.ts";

const ALSO_READ_ONLY = { readOnly: true };

type Find<Key, Row> = (context: CommandContext, key: Key) => MaybePromise<Row | undefined>;

/** Looking up and reporting (sections 7 and 8). */
export const EQUIVALENCE_COMMANDS: readonly Command[] = [
  createCommand(
    get,
    ["@read"],
    ({ method, taskhash, all }, context) => {
      const find: Find<EquivalenceKey, Equivalence | JoinedRow> = all ? findOldestOfTask : findEquivalence;
      return andThen(find(context, { method, taskhash }), (row) => row ?? null);
    },
    ALSO_READ_ONLY,
  ),

  createCommand(
    getOutHash,
    ["@read"],
    ({ withDepId, ...key }, context) => {
      const find: Find<OutHashKey, OutHashRow | JoinedRow> = withDepId ? findOldestOfOutput : findOldestRecord;
      return andThen(find(context, key), (row) => row ?? null);
    },
    ALSO_READ_ONLY,
  ),

  createStreamCommand(
    getStream,
    "words",
    ["@read"],
    parseStreamQuery,
    (keys, context) => andThen(findDepIds(context, keys), (depids) => depids.map((depid) => depid ?? "")),
    ALSO_READ_ONLY,
  ),

  createStreamCommand(
    existsStream,
    "words",
    ["@read"],
    (line) => line,
    (depids, context) => andThen(depIdsExist(context, depids), (exist) => exist.map(String)),
    ALSO_READ_ONLY,
  ),

  createBatchCommand(report, ["@read"], answerReports, ALSO_READ_ONLY),

  createCommand(reportEquiv, ["@read", "@report"], async (request, { storage }) => ({
    method: request.method,
    taskhash: request.taskhash,
    depid: await reportEquivalence(storage, request),
  })),
];

/** A report of a client of 2019, whose depids may be of the size of MD5 or SHA-1. */
export const REPORT_OF_OLD_CLIENT: Command = createBatchCommand(
  reportOfOldClient,
  ["@read"],
  answerReports,
  ALSO_READ_ONLY,
);

async function answerReports(requests: readonly Report[], context: CommandContext): Promise<Answers<Equivalence>> {
  const { storage, upstream, visitor, readOnly } = context;
  const owner = visitor.username;
  const reports =
    owner === undefined ? requests : requests.map((one) => ({ ...one, details: { ...one.details, owner } }));
  const mayWrite = !readOnly && visitor.may(["@report"]);
  const { depids, error } =
    mayWrite && upstream === undefined
      ? await reportOutHashes(storage, reports)
      : await oneByOne(reports, (one) =>
          mayWrite ? reportOutHash(storage, one, upstream) : answerWithoutWriting(context, one),
        );
  const answers = depids.map((depid, i) => {
    const { method, taskhash } = reports[i] as Report;
    return { method, taskhash, depid };
  });
  return { answers, error };
}

/** Where an upstream is asked, what the one before brought must be there. */
async function oneByOne(reports: readonly Report[], answer: (one: Report) => Promise<string>) {
  const depids: string[] = [];
  try {
    for (const one of reports) depids.push(await answer(one));
    return { depids };
  } catch (error) {
    return { depids, error };
  }
}
