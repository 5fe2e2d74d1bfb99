import type { DepId } from "@depid/hash";
import {
  type Equivalence,
  type EquivalenceKey,
  INVALID_DEPID,
  InvalidRequestError,
  type Report,
} from "@depid/hashserv-protocol";
import type { ReportToRecord } from "../rule/report-rule.ts";
import type { Storage, StorageReader } from "../storage/storage.ts";
import type { Upstream } from "../upstream/upstream.ts";

/**
 * Records what came out of a task, by the rule of `report-rule.ts`; upstream is asked for an equal output before.
 *
 * @returns the depid that now applies, as stored
 * @throws {InvalidRequestError} "Invalid unihash" when an old database would pass on a depid that is none; the output
 *   is recorded all the same
 */
export async function reportOutHash(
  storage: Storage,
  report: Report,
  upstream?: Pick<Upstream, "findOldestOfOutput">,
): Promise<string> {
  const theirs = upstream && (await askUpstream(storage, report, upstream));
  const { depids, error } = await reportOutHashes(storage, [theirs ? { ...report, upstream: theirs } : report]);
  if (error !== undefined) throw error;
  return depids[0] as string;
}

/**
 * The same for reports that arrived together, in order, under one commit; no upstream is asked.
 *
 * @returns their depids, up to the first that an old database has an invalid one for; `error` says so
 */
export async function reportOutHashes(
  storage: Storage,
  reports: readonly ReportToRecord[],
): Promise<{ readonly depids: readonly string[]; readonly error?: unknown }> {
  const outcomes = await storage.recordReports(reports);
  const depids = outcomes.filter(({ joined }) => joined).map(({ depid }) => depid);
  return depids.length === outcomes.length ? { depids } : { depids, error: new InvalidRequestError(INVALID_DEPID) };
}

/** Declares the depid of a taskhash without an output; a taskhash that has one keeps it. @returns what is stored */
export async function reportEquivalence(
  storage: Storage,
  row: Equivalence & { readonly depid: DepId },
): Promise<string> {
  return storage.transaction(async (rows) => {
    await rows.insertEquivalence(row);
    return (await findDepId(rows, row)) ?? row.depid;
  });
}

/** Only asked when nothing here decides. */
async function askUpstream(
  storage: Storage,
  report: Report,
  upstream: Pick<Upstream, "findOldestOfOutput">,
): Promise<DepId | undefined> {
  if ((await findDepId(storage.read, report)) !== undefined) return undefined;
  const equal = await storage.read.findOldestOfOutput(report.method, report.outhash, report.taskhash);
  return equal === undefined ? (await upstream.findOldestOfOutput(report))?.depid : undefined;
}

/** The depid stored for one key. */
async function findDepId(
  rows: Pick<StorageReader, "findDepIds">,
  { method, taskhash }: EquivalenceKey,
): Promise<string | undefined> {
  const [depid] = await rows.findDepIds([{ method, taskhash }]);
  return depid;
}
