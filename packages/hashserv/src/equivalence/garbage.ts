import type { Conditions, GcStatus } from "@depid/hashserv-protocol";
import { RefusalError } from "../errors.ts";
import { EQUIVALENCE_COLUMNS, OUTHASH_COLUMNS, type Storage, type StorageTransaction } from "../storage/storage.ts";
import { changeInSlices } from "./slices.ts";

/**
 * Makes a mark the current one, even if no row is chosen, and gives it to the equivalences that are.
 *
 * @returns how many rows were chosen, those that had the mark included
 */
export async function markEquivalences(storage: Storage, mark: string, where: Conditions): Promise<number> {
  const chosen = pick(where, EQUIVALENCE_COLUMNS);
  return changeInSlices(storage, async (rows, slice) => {
    if (slice.after === 0 && (await rows.findMark()) !== mark) await rows.setMark(mark);
    return chosen === undefined ? { count: 0, next: undefined } : rows.markEquivalences(chosen, mark, slice);
  });
}

/**
 * Removes the equivalences that have another mark than the current one; then there is no current one. Those that are
 * reported meanwhile have it and stay.
 *
 * @returns how many were removed
 * @throws {RefusalError} when the mark is not the current one, also when another one becomes current meanwhile
 */
export async function sweep(storage: Storage, mark: string): Promise<number> {
  return changeInSlices(storage, async (rows, slice) => {
    await requireCurrent(rows, mark);
    const done = await rows.removeUnmarked(mark, slice);
    if (done.next === undefined) await rows.setMark(undefined);
    return done;
  });
}

/** What a sweep would keep and remove; with no mark, as if it were "". */
export async function getStatus(storage: Storage): Promise<GcStatus> {
  const mark = await storage.read.findMark();
  const { equal, other } = await storage.read.countMarks(mark ?? "");
  return { keep: equal, remove: other, mark: mark ?? null };
}

/** Removes rows of both tables, each by the conditions on columns it has. @returns how many */
export async function removeRows(storage: Storage, where: Conditions): Promise<number> {
  const [outhashes, equivalences] = [pick(where, OUTHASH_COLUMNS), pick(where, EQUIVALENCE_COLUMNS)];
  const ofOutHashes =
    outhashes && (await changeInSlices(storage, (rows, slice) => rows.removeOutHashes(outhashes, slice)));
  const ofEquivalences =
    equivalences && (await changeInSlices(storage, (rows, slice) => rows.removeEquivalences(equivalences, slice)));
  return (ofOutHashes ?? 0) + (ofEquivalences ?? 0);
}

/** Removes outputs whose taskhash has no depid and whose time, as text, is before this. @returns how many */
export async function removeUnused(storage: Storage, before: string): Promise<number> {
  return changeInSlices(storage, (rows, slice) => rows.removeUnused(before, slice));
}

async function requireCurrent(rows: StorageTransaction, mark: string): Promise<void> {
  if (mark !== "" && (await rows.findMark()) === mark) return;
  throw new RefusalError(`'${mark}' is not the current mark. Refusing to sweep`);
}

/** The conditions on these columns; undefined when there are none, and so nothing is chosen. */
function pick<Column extends keyof Conditions>(
  where: Conditions,
  columns: readonly Column[],
): Pick<Conditions, Column> | undefined {
  const entries = columns.filter((column) => where[column] !== undefined).map((column) => [column, where[column]]);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Pick<Conditions, Column>);
}
