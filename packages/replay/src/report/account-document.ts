import type { ReplayDocument } from "../documents/index.ts";
import type { OutcomeAccount } from "../outcomes/outcome-account.ts";

/** An account of outcomes as plain data: `account` in `depid-replay/1` (docs/formats.md). Labels that decided something are left out: `labels` has them. */
export function accountDocument({
  shares,
  notes,
  labels,
  undecided,
  unique,
}: OutcomeAccount): ReplayDocument["account"] {
  return {
    sources: shares,
    notes,
    unused_labels: labels.flatMap(({ source, labels: all }) =>
      all.flatMap(({ label, decided }, place) => (decided === 0 ? [{ source, place, commit: label.commit }] : [])),
    ),
    undecided,
    unique,
  };
}
