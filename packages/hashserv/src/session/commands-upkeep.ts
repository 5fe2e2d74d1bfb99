import {
  cleanUnused,
  formatJson,
  gcMark,
  gcMarkStream,
  gcStatus,
  gcSweep,
  type MarkRequest,
  parseMarkLine,
  remove,
} from "@depid/hashserv-protocol";
import { formatCreated } from "../clock.ts";
import { getStatus, markEquivalences, removeRows, removeUnused, sweep } from "../equivalence/garbage.ts";
import type { Storage } from "../storage/storage.ts";
import { type Command, createCommand, createStreamCommand } from "./command.ts";

/** Microseconds of a second, and of the millisecond that clocks may be ahead of each other. */
const SECOND = 1_000_000;
const MILLISECOND = 1_000;
/** The end of the year 9999: later times have no text that compares. */
const LAST = 253_402_300_799 * SECOND;
/** Lines of gc-mark-stream carried out together: they share a commit. */
const MARKS_TOGETHER = 64;

/** Garbage collection and removal (section 10). */
export const UPKEEP_COMMANDS: readonly Command[] = [
  createCommand(remove, ["@db-admin"], async ({ where }, { storage }) => ({ count: await removeRows(storage, where) })),
  createCommand(gcMark, ["@db-admin"], async ({ mark, where }, { storage }) => ({
    count: await markEquivalences(storage, mark, where),
  })),
  createStreamCommand(gcMarkStream, "messages", ["@db-admin"], parseMarkLine, async (requests, { storage }) =>
    (await markAll(storage, requests)).map((count) => formatJson({ count })),
  ),
  createCommand(gcSweep, ["@db-admin"], async ({ mark }, { storage }) => ({ count: await sweep(storage, mark) })),
  createCommand(gcStatus, ["@db-admin"], async (_request, { storage }) => getStatus(storage)),
  createCommand(cleanUnused, ["@db-admin"], async ({ maxAgeSeconds }, { storage, now, cleanUnusedCompat }) => {
    const age = (cleanUnusedCompat ? -maxAgeSeconds : maxAgeSeconds) * SECOND;
    const before = Math.min(Math.max(now() + MILLISECOND - age, 0), LAST);
    return { count: await removeUnused(storage, formatCreated(Math.floor(before))) };
  }),
];

/** Carries out marks in order; those of one name, which do not disturb each other, together. */
async function markAll(storage: Storage, requests: readonly MarkRequest[]): Promise<readonly number[]> {
  const counts: number[] = [];
  while (counts.length < requests.length) {
    const rest = requests.slice(counts.length, counts.length + MARKS_TOGETHER);
    const other = rest.findIndex(({ mark }) => mark !== rest[0]?.mark);
    const together = other < 0 ? rest : rest.slice(0, other);
    counts.push(...(await Promise.all(together.map(({ mark, where }) => markEquivalences(storage, mark, where)))));
  }
  return counts;
}
