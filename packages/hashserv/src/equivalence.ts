import { type DepId, isDepId } from "@depid/hash";
import {
  type Equivalence,
  INVALID_DEPID,
  InvalidRequestError,
  NO_DETAILS,
  type Report,
} from "@depid/hashserv-protocol";
import type { Storage, StorageReader, StorageTransaction } from "./storage.ts";
import type { Upstream } from "./upstream.ts";

/**
 * The depid a new report gets: that of the oldest equal output, else that of an equal output upstream, else the one its
 * reporter proposes (section 9).
 */
export function chooseDepId(reported: DepId, equal: string | undefined, upstream?: string): string {
  return equal ?? upstream ?? reported;
}

/**
 * Records what came out of a task, and joins the task to the equivalence class of that output. A taskhash that has a
 * depid keeps it. A repeated report is not special: it repairs what is missing.
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
  // Before the transaction: no lock waits for a network.
  const theirs = upstream && (await askUpstream(storage, report, upstream));
  const { depid, joined } = await storage.transaction((rows) => recordAndJoin(rows, report, theirs));
  if (!joined) throw new InvalidRequestError(INVALID_DEPID);
  return depid;
}

/**
 * The same for reports that arrived together, in order, under one commit.
 *
 * @returns their depids, up to the first that an old database has an invalid one for; `error` says so
 */
export async function reportOutHashes(
  storage: Storage,
  reports: readonly Report[],
): Promise<{ readonly depids: readonly string[]; readonly error?: unknown }> {
  const outcomes = await storage.transaction(async (rows) => {
    const done: Outcome[] = [];
    for (const report of reports) {
      const outcome = await recordAndJoin(rows, report, undefined);
      done.push(outcome);
      if (!outcome.joined) break;
    }
    return done;
  });
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
  storage: StorageReader,
  report: Report,
  upstream: Pick<Upstream, "findOldestOfOutput">,
): Promise<DepId | undefined> {
  if ((await findDepId(storage, report)) !== undefined) return undefined;
  const equal = await storage.findOldestOfOutput(report.method, report.outhash, report.taskhash);
  return equal === undefined ? (await upstream.findOldestOfOutput(report))?.depid : undefined;
}

interface Outcome {
  readonly depid: string;
  /** False if the taskhash has no depid even now, the only candidate being invalid. */
  readonly joined: boolean;
}

async function recordAndJoin(rows: StorageTransaction, report: Report, theirs: DepId | undefined): Promise<Outcome> {
  const { method, taskhash, outhash, details } = report;
  await rows.insertOutHash({ method, taskhash, outhash, details: { ...NO_DETAILS, ...details } });
  const stored = await findDepId(rows, report);
  if (stored !== undefined) return { depid: stored, joined: true };
  const equal = await rows.findOldestOfOutput(method, outhash, taskhash);
  const depid = chooseDepId(report.depid, equal?.depid, theirs);
  if (!isDepId(depid)) return { depid, joined: false };
  await rows.insertEquivalence({ method, taskhash, depid });
  return { depid, joined: true };
}

async function findDepId(rows: StorageReader, { method, taskhash }: Report | Equivalence): Promise<string | undefined> {
  const [depid] = await rows.findDepIds([{ method, taskhash }]);
  return depid;
}
