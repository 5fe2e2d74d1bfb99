import type { Cell } from "@depid/run-document";

/** What is drawn of a task in a build: one colour and one mark everywhere. */
export const KINDS = ["needed", "needless", "timing", "restored", "kept", "stale", "nothing"] as const;
export type Kind = (typeof KINDS)[number];

/** What each kind is, in words of the report. */
export const KIND_WORDS: Readonly<Record<Kind, { readonly name: string; readonly says: string }>> = {
  needed: { name: "executed, needed", says: "ran, as the clairvoyant ran it too" },
  needless: { name: "executed, needless", says: "ran, though the clairvoyant did not run it in that step" },
  timing: {
    name: "needless by timing",
    says: "needless, and only because of when the server's answers came: had each task waited until all below it were answered, it would have been spared",
  },
  restored: { name: "restored", says: "taken from an sstate object" },
  kept: { name: "skipped or covered", says: "passed over: its stamp was current, or nothing that runs needs it" },
  stale: { name: "stale", says: "reused, and of another content than a clean build has" },
  nothing: { name: "noexec", says: "has nothing to execute, and is only stamped" },
};

export function kindOf({ fate, needless, timing, stale }: Cell): Kind {
  if (stale) return "stale";
  if (fate === "executed") return timing ? "timing" : needless ? "needless" : "needed";
  if (fate === "restored") return "restored";
  return fate === "noexec" ? "nothing" : "kept";
}

const WHY: Readonly<Record<string, string>> = {
  "no-object": "there was no sstate object under its depid",
  "task-stamp-current": "its stamp was current, but not that of restoring",
  "forced-target": "it was asked for, and forced",
  "hard-dependency-failed": "what it cannot be restored without was not there",
  "skip-setscene-option": "restoring was switched off",
  "deferred-not-valid": "it had waited for another task with the same hash, which left no object",
  "restore-failed": "its sstate object could not be restored",
  "needed-by": "it was needed by",
  "covered-by": "everything that needs it was restored or current: see",
  target: "it is a target of the build",
  rehash: "its depid became another one while the build ran",
  noexec: "it has nothing to execute",
  "stamp-current": "its stamp was current",
  "setscene-stamp-current": "the stamp of its restoring was current",
  "not-needed": "nothing that ran needed it",
  restored: "its sstate object was there",
};

/** A reason in words; one that we have no words for stands as it is. */
export function sayWhy(why: string): string {
  return WHY[why] ?? why;
}
