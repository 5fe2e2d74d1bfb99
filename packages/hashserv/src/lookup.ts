import { isDepId } from "@depid/hash";
import type { EquivalenceKey, JoinedRow, OutHashKey, OutHashRow, Report } from "@depid/hashserv-protocol";
import type { Backfill } from "./backfill.ts";
import { reportEquivalence } from "./equivalence.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { chooseDepId } from "./report-rule.ts";
import type { Storage } from "./storage.ts";
import type { Upstream, UpstreamRow } from "./upstream.ts";

/** Where to look: here first, then upstream, if there is one. What is found there is stored here (section 12). */
export interface Sources {
  readonly storage: Storage;
  readonly upstream: Upstream | undefined;
  readonly backfill: Backfill;
}

/** The depid of one taskhash; found upstream it is stored at once. */
export async function findEquivalence({ storage, upstream }: Sources, key: EquivalenceKey) {
  const [stored] = await storage.findDepIds([key]);
  if (stored !== undefined) return { ...key, depid: stored };
  const depid = await upstream?.findDepId(key);
  return depid && { ...key, depid: await reportEquivalence(storage, { ...key, depid }) };
}

/**
 * The depids of many taskhashes, words all; those found upstream are stored later. Without a promise where nothing has to
 * be waited for.
 */
export function findDepIds(
  sources: Sources,
  keys: readonly EquivalenceKey[],
): MaybePromise<readonly (string | undefined)[]> {
  const { now } = sources.storage;
  if (now === undefined) return findDepIdsLater(sources, keys, sources.storage.findDepIds(keys));
  const stored = now.findDepIds(keys);
  const complete = sources.upstream === undefined || !stored.includes(undefined);
  return complete ? stored : findDepIdsLater(sources, keys, stored);
}

async function findDepIdsLater(
  { upstream, backfill }: Sources,
  keys: readonly EquivalenceKey[],
  reading: MaybePromise<readonly (string | undefined)[]>,
): Promise<readonly (string | undefined)[]> {
  const stored = await reading;
  if (upstream === undefined || !stored.includes(undefined)) return stored;
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
export function depIdsExist(sources: Sources, depids: readonly string[]): MaybePromise<readonly boolean[]> {
  const { now } = sources.storage;
  if (now === undefined) return depIdsExistLater(sources, depids, sources.storage.depIdsExist(depids));
  const stored = now.depIdsExist(depids);
  const complete = sources.upstream === undefined || !stored.includes(false);
  return complete ? stored : depIdsExistLater(sources, depids, stored);
}

async function depIdsExistLater(
  { upstream }: Sources,
  depids: readonly string[],
  reading: MaybePromise<readonly boolean[]>,
): Promise<readonly boolean[]> {
  const stored = await reading;
  if (upstream === undefined || !stored.includes(false)) return stored;
  const missing = depids.filter((_, i) => !stored[i]).filter(isDepId);
  const there = await upstream.depIdsExist(missing);
  const known = new Set<string>(missing.filter((_, i) => there[i]));
  return stored.map((exists, i) => exists || known.has(depids[i] ?? ""));
}

/** The oldest output of a taskhash with its depid. */
export async function findOldestOfTask({ storage, upstream }: Sources, key: EquivalenceKey) {
  const stored = await storage.findOldestOfTask(key);
  if (stored !== undefined || upstream === undefined) return stored;
  const row = await upstream.findOldestOfTask(key);
  if (row === undefined) return undefined;
  await copyRow(storage, row);
  return storage.findOldestOfTask(key);
}

/** The oldest record of an output whose taskhash has a depid. */
export async function findOldestOfOutput(
  { storage, upstream }: Sources,
  key: OutHashKey,
): Promise<JoinedRow | undefined> {
  const find = () => storage.findOldestOfOutput(key.method, key.outhash);
  return (await find()) ?? (await copyOutput(storage, upstream, key, find));
}

/** The oldest record of an output, whether its taskhash has a depid or not. */
export async function findOldestRecord(
  { storage, upstream }: Sources,
  key: OutHashKey,
): Promise<OutHashRow | undefined> {
  const find = () => storage.findOldestRecord(key.method, key.outhash);
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
  find: () => Promise<Row | undefined>,
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
