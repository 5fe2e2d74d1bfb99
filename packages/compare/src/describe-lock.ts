import type { Cause } from "./cause.ts";
import type { Comparison } from "./compare.ts";
import { counted, someOf } from "./describe-change.ts";
import type { KeptBy } from "./lock.ts";

/** What locks keep from being built, a sentence each; none if there is none. */
export function describeHeld({ held, kept, changed }: Comparison): string[] {
  if (held.length === 0) return [];
  const own = new Set(changed.filter((it) => it.own.length > 0).map((it) => it.name));
  const staying = held.filter((name) => kept.get(name) === "lock");
  const other = held.filter((name) => kept.get(name) !== "lock");
  return [
    ...heldSentence(staying, own, "keeps its depid", "keep their depids"),
    ...heldSentence(other, own, "has another depid", "have other depids"),
  ];
}

function heldSentence(names: readonly string[], own: ReadonlySet<string>, one: string, many: string): string[] {
  if (names.length === 0) return [];
  const edits = names.filter((name) => own.has(name)).length;
  const what = edits === 0 ? "what came to them is" : edits === 1 ? "the edit is" : "the edits are";
  const which = names.length === 1 && edits === 0 ? "what came to it is" : what;
  return [`${counted(names.length, "changed task")} ${names.length === 1 ? one : many} by a lock: ${which} NOT built`];
}

const NAMES = 6;

/** Tasks that are the same and that a lock gives another depid, as a sentence; none if there is none. */
export function describeRelocked({ relocked }: Comparison): string[] {
  if (relocked.length === 0) return [];
  const what = relocked.length === 1 ? "has another depid" : "have other depids";
  return [
    `${counted(relocked.length, "task")} with the same taskhash ${what} by a lock, here or there: ${someOf(relocked, NAMES)}`,
  ];
}

/** Of the changed tasks those that a lock held before, or may hold: a sentence each. */
export function describeKept({ kept, perhapsHeld }: Comparison): string[] {
  const count = (by: KeptBy) => [...kept.values()].filter((it) => it === by).length;
  const [lifted, unclear] = [count("lifted"), count("unclear")];
  const other = perhapsHeld.filter((name) => !kept.has(name)).length;
  return [
    ...(lifted === 0
      ? []
      : [`${counted(lifted, "changed task")} kept the depid, which a lock gave before and nothing holds now`]),
    ...(unclear === 0
      ? []
      : [
          `${counted(unclear, "changed task")} kept the depid: by a lock or by equivalence, which of them is not recorded`,
        ]),
    ...(other === 0
      ? []
      : [
          `${counted(other, "changed task")} ${other === 1 ? "has another depid" : "have other depids"}, by a lock or by equivalence: whether what ${other === 1 ? "it is" : "they are"} now is built is not recorded`,
        ]),
  ];
}

/** The tasks where a cause entered that a lock holds. */
export function heldOf({ entered }: Cause, { held }: Comparison): string[] {
  const all = new Set(held);
  return entered.filter((name) => all.has(name));
}
