import { isDepId } from "@depid/hash";
import type { EquivalenceKey, JoinedRow, OutHashKey, OutHashRow, Report } from "@depid/hashserv-protocol";
import { andThen, type MaybePromise } from "../maybe-promise.ts";
import { chooseDepId } from "../rule/report-rule.ts";
import type { Storage } from "../storage/storage.ts";
import type { Backfill } from "../upstream/backfill.ts";
import type { Upstream, UpstreamRow } from "../upstream/upstream.ts";
import { reportEquivalence } from "./report.ts";

/** Where to look: here first, then upstream, if there is one. What is found there is stored here (section 12). */
export interface Sources {
  readonly storage: Storage;
  readonly upstream: Upstream | undefined;
  readonly backfill: Backfill;
}

/** The depid of one taskhash; found upstream it is stored at once. */
export async function findEquivalence({ storage, upstream }: Sources, key: EquivalenceKey) {
  const [stored] = await storage.read.findDepIds([key]);
  if (stored !== undefined) return { ...key, depid: stored };
  const depid = await upstream?.findDepId(key);
  return depid && { ...key, depid: await reportEquivalence(storage, { ...key, depid }) };
}

/** The depids of many taskhashes, words all; those found upstream are stored later. */
export function findDepIds(
  sources: Sources,
  keys: readonly EquivalenceKey[],
): MaybePromise<readonly (string | undefined)[]> {
  const { storage, upstream } = sources;
  return andThen(storage.read.findDepIds(keys), (stored) =>
    upstream === undefined || !stored.includes(undefined) ? stored : findMissing(sources, upstream, keys, stored),
  );
}

async function findMissing(
  { backfill }: Sources,
  upstream: Upstream,
  keys: readonly EquivalenceKey[],
  stored: readonly (string | undefined)[],
): Promise<readonly (string | undefined)[]> {
  const missing = keys.filter((_, i) => stored[i] === undefined);
  const found = await upstream.findDepIds(missing);
  backfill.add(
    missing.flatMap((key, i) => {
      const depid = found[i];
      return depid === undefined ? [] : [{ ...key, depid }];
    }),
  );
  let at = 0;
  return stored.map((depid) => depid ?? found[at++]);
}

/** Whether any taskhash has these depids, here or upstream. Nothing is stored. */
export function depIdsExist(
  { storage, upstream }: Sources,
  depids: readonly string[],
): MaybePromise<readonly boolean[]> {
  return andThen(storage.read.depIdsExist(depids), (stored) =>
    upstream === undefined || !stored.includes(false) ? stored : missingExist(upstream, depids, stored),
  );
}

async function missingExist(
  upstream: Upstream,
  depids: readonly string[],
  stored: readonly boolean[],
): Promise<readonly boolean[]> {
  const missing = depids.filter((_, i) => !stored[i]).filter(isDepId);
  const there = await upstream.depIdsExist(missing);
  const known = new Set<string>(missing.filter((_, i) => there[i]));
  return stored.map((exists, i) => exists || known.has(depids[i] ?? ""));
}

/** The oldest output of a taskhash with its depid. */
export async function findOldestOfTask({ storage, upstream }: Sources, key: EquivalenceKey) {
  const stored = await storage.read.findOldestOfTask(key);
  if (stored !== undefined || upstream === undefined) return stored;
  const row = await upstream.findOldestOfTask(key);
  if (row === undefined) return undefined;
  await copyRow(storage, row);
  return storage.read.findOldestOfTask(key);
}

/** The oldest record of an output whose taskhash has a depid. */
export async function findOldestOfOutput(
  { storage, upstream }: Sources,
  key: OutHashKey,
): Promise<JoinedRow | undefined> {
  const find = () => storage.read.findOldestOfOutput(key.method, key.outhash);
  return (await find()) ?? (await copyOutput(storage, upstream, key, find));
}

/** The oldest record of an output, whether its taskhash has a depid or not. */
export async function findOldestRecord(
  { storage, upstream }: Sources,
  key: OutHashKey,
): Promise<OutHashRow | undefined> {
  const find = () => storage.read.findOldestRecord(key.method, key.outhash);
  return (await find()) ?? (await copyOutput(storage, upstream, key, find));
}

/** What a report is told when it may not be written: its taskhash plays no part (section 9, last part). */
export async function answerWithoutWriting(sources: Sources, report: Report): Promise<string> {
  const equal = await findOldestOfOutput(sources, report);
  return chooseDepId(report.depid, equal?.depid);
}

/** Copies what upstream has of an output, then looks again: a row that is here already wins. */
async function copyOutput<Row>(
  storage: Storage,
  upstream: Upstream | undefined,
  key: OutHashKey,
  find: () => MaybePromise<Row | undefined>,
): Promise<Row | undefined> {
  const row = await upstream?.findOldestOfOutput(key);
  if (row === undefined) return undefined;
  await copyRow(storage, row);
  return find();
}

/** A copied row keeps its time; its number is ours. */
async function copyRow(storage: Storage, row: UpstreamRow): Promise<void> {
  const { method, taskhash, outhash, created, details, depid } = row;
  await storage.transaction(async (rows) => {
    await rows.insertOutHash({ method, taskhash, outhash, created, details });
    await rows.insertEquivalence({ method, taskhash, depid });
  });
}
