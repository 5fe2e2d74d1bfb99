import { isDepId } from "@depid/hash";
import type { Equivalence, EquivalenceKey, JoinedRow, OutHashKey, OutHashRow, Report } from "@depid/hashserv-protocol";
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
export function findEquivalence(
  { storage, upstream }: Sources,
  key: EquivalenceKey,
): MaybePromise<Equivalence | undefined> {
  return andThen(storage.read.findDepIds([key]), ([stored]) => {
    if (stored !== undefined) return { ...key, depid: stored };
    return upstream && learnEquivalence(storage, upstream, key);
  });
}

async function learnEquivalence(storage: Storage, upstream: Upstream, key: EquivalenceKey) {
  const depid = await upstream.findDepId(key);
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
export function findOldestOfTask(
  { storage, upstream }: Sources,
  key: EquivalenceKey,
): MaybePromise<JoinedRow | undefined> {
  const find = () => storage.read.findOldestOfTask(key);
  return hereOrCopied(storage, find, upstream && (() => upstream.findOldestOfTask(key)));
}

/** The oldest record of an output whose taskhash has a depid. */
export function findOldestOfOutput(
  { storage, upstream }: Sources,
  key: OutHashKey,
): MaybePromise<JoinedRow | undefined> {
  const find = () => storage.read.findOldestOfOutput(key.method, key.outhash);
  return hereOrCopied(storage, find, upstream && (() => upstream.findOldestOfOutput(key)));
}

/** The oldest record of an output, whether its taskhash has a depid or not. */
export function findOldestRecord(
  { storage, upstream }: Sources,
  key: OutHashKey,
): MaybePromise<OutHashRow | undefined> {
  const find = () => storage.read.findOldestRecord(key.method, key.outhash);
  return hereOrCopied(storage, find, upstream && (() => upstream.findOldestOfOutput(key)));
}

/** What a report is told when it may not be written: its taskhash plays no part (section 9, last part). */
export async function answerWithoutWriting(sources: Sources, report: Report): Promise<string> {
  const equal = await findOldestOfOutput(sources, report);
  return chooseDepId(report.depid, equal?.depid);
}

/** Where there is no row here, copies the one that upstream has, then looks again: one that has come here meanwhile wins. */
function hereOrCopied<Row>(
  storage: Storage,
  find: () => MaybePromise<Row | undefined>,
  findAbove: (() => Promise<UpstreamRow | undefined>) | undefined,
): MaybePromise<Row | undefined> {
  return andThen(find(), (stored) => {
    if (stored !== undefined || findAbove === undefined) return stored;
    return copyThenFind(storage, find, findAbove);
  });
}

async function copyThenFind<Row>(
  storage: Storage,
  find: () => MaybePromise<Row | undefined>,
  findAbove: () => Promise<UpstreamRow | undefined>,
): Promise<Row | undefined> {
  const row = await findAbove();
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
