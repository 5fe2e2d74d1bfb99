import { byCodePoint, isDepId } from "@depid/hash";
import { decideReport, type ReportDecision, type ReportToRecord } from "../rule/report-rule.ts";
import type { PendingRows } from "./pending-rows.ts";

/** All that tables have to say to a report, for decisions in which rows have a part that are not in them yet. */
export interface KnownInTables {
  /** The depid of its taskhash. */
  readonly depid: string | undefined;
  /** Whether this output of its taskhash is recorded. */
  readonly recorded: boolean;
  /** Whether any output of its taskhash is. */
  readonly anyRecorded: boolean;
  /** The oldest row with its output, of another taskhash, one that has a depid. */
  readonly oldest: { readonly created: string | null; readonly depid: string } | undefined;
}

/**
 * Decides on a report by the rule, from what the tables say and what was decided before and is not in them.
 *
 * @param layers what is pending, the oldest first
 * @returns undefined for one that is left to the tables themselves: where they hold something that is no depid, or
 *   outputs of the taskhash that have none, more than one row may depend on it
 */
export function decidePending(
  report: ReportToRecord,
  tables: KnownInTables,
  layers: readonly PendingRows[],
): ReportDecision | undefined {
  const depid = findDepId(report, layers) ?? tables.depid;
  if (depid === undefined ? tables.anyRecorded : !isDepId(depid)) return undefined;
  if (tables.oldest !== undefined && !isDepId(tables.oldest.depid)) return undefined;
  const recorded = tables.depid !== undefined && tables.recorded;
  return decideReport(report, { depid, recorded, equal: findOldest(report, tables.oldest, layers)?.depid });
}

function findDepId({ method, taskhash }: ReportToRecord, layers: readonly PendingRows[]): string | undefined {
  for (const rows of layers) {
    const depid = rows.findDepId(method, taskhash);
    if (depid !== undefined) return depid;
  }
  return undefined;
}

/** The oldest row with an output, of another taskhash. Of two of one age that in the tables is older. */
function findOldest(
  { method, taskhash, outhash }: ReportToRecord,
  stored: KnownInTables["oldest"],
  layers: readonly PendingRows[],
) {
  for (const rows of layers) {
    const pending = rows.findOldestOfOutput(method, outhash, taskhash);
    if (pending === undefined) continue;
    return stored === undefined || isBefore(pending.created, stored.created) ? pending : stored;
  }
  return stored;
}

/** As text; null is before all. */
function isBefore(pending: string, stored: string | null): boolean {
  return stored !== null && byCodePoint(pending, stored) < 0;
}
