import type { CheckedLock, LockCheck, LockState } from "./check-locks.ts";
import type { LocksDocument } from "./documents/index.ts";
import type { LockedSigs } from "./locked-signatures.ts";

export const LOCKS_FORMAT = "depid-locks/1";

/** What locks do in a build, with where both come from. */
export interface LockReport {
  /** As named by the user. */
  readonly locks: string;
  readonly build: string;
  readonly sigs: LockedSigs;
  readonly check: LockCheck;
}

const NAMES = 6;
const SHORT = 12;

/** Whether every lock is in force and fits, and there is one. */
export function isSound({ check, sigs }: LockReport): boolean {
  return sigs.unknown.length === 0 && check.locks.length > 0 && check.locks.every(({ state }) => state === "fits");
}

/** @param all whether every lock is listed, and not only the first of each kind */
export function formatLockCheck({ locks, build, sigs, check }: LockReport, all: boolean): string {
  const signatures = check.locks.filter((it) => it.row.kind === "signature");
  const map = check.locks.filter((it) => it.row.kind === "depid");
  const limit = all ? Number.POSITIVE_INFINITY : NAMES;
  const differs = signatures.filter((it) => it.state === "differs");
  const sstate = check.held.filter((it) => it.setscene).length;
  return [
    [
      `${printable(locks)} against ${printable(build)}${sigs.machine === undefined ? "" : `, machine ${printable(sigs.machine)}`}`,
      signatures.length === 0
        ? "no locked signatures"
        : `${counted(signatures.length, "locked signature")}: ${countsOf(signatures)}`,
      ...(map.length === 0 ? [] : [`${counted(map.length, "depid")} of SIGGEN_UNIHASHMAP: ${countsOf(map)}`]),
      `held back: ${counted(check.held.length, "task")} (${sstate} sstate) would have other depids without the locks`,
      ...sigs.groups
        .filter((it) => it.signatures === 0 && it.named)
        .map(({ name }) => `group ${name}: SIGGEN_LOCKEDSIGS_TYPES names it, and the file has no signature of it`),
    ].join("\n"),
    ...(differs.length === 0
      ? []
      : [
          [
            "do not fit: what was locked is used, and what the task is now is NOT built",
            ...differs.slice(0, limit).flatMap(describeMisfit),
            ...more(differs.length - limit),
          ].join("\n"),
        ]),
    ...(["without effect", "unknown"] as const).flatMap((state) => listReasons(check.locks, state, limit)),
    ...[...check.unknown.map((it) => `unknown: ${it}`), ...check.assumed.map((it) => `assumed: ${it}`)].map(printable),
  ].join("\n\n");
}

function describeMisfit({ name, row, computed, why, holds }: CheckedLock): string[] {
  return [
    `  ${printable(name)}  locked to ${row.depid.slice(0, SHORT)} (${row.group}), its inputs give ${computed?.slice(0, SHORT)}${why === null ? "" : `; ${why}`}`,
    ...(holds.length > 1
      ? [`    holds back ${counted(holds.length - 1, "task")} above it: ${someOf(holds.slice(1))}`]
      : []),
  ];
}

function listReasons(locks: readonly CheckedLock[], state: LockState, limit: number): string[] {
  const reasons = new Map<string, string[]>();
  for (const { name, row, why, state: its } of locks) {
    if (its !== state) continue;
    const reason = `${why}${row.kind === "depid" ? " (SIGGEN_UNIHASHMAP)" : ""}`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), name]);
  }
  if (reasons.size === 0) return [];
  return [
    [
      `${state}:`,
      ...[...reasons].flatMap(([reason, names]) => [
        `  ${names.length}: ${reason}`,
        ...names.slice(0, limit).map((name) => `    ${printable(name)}`),
        ...more(names.length - limit, "    "),
      ]),
    ].join("\n"),
  ];
}

function more(count: number, indent = "  "): string[] {
  return count > 0 ? [`${indent}… ${count} more, all with --all`] : [];
}

function countsOf(locks: readonly CheckedLock[]): string {
  const count = (state: LockState) => locks.filter((it) => it.state === state).length;
  const parts = [
    ["fits", count("fits") === 1 ? "fits" : "fit"],
    ["differs", count("differs") === 1 ? "does not fit" : "do not fit"],
    ["without effect", "without effect"],
    ["unknown", "unknown"],
  ] as const;
  return parts.flatMap(([state, words]) => (count(state) === 0 ? [] : [`${count(state)} ${words}`])).join(", ");
}

function counted(value: number, one: string): string {
  return `${value} ${value === 1 ? one : `${one}s`}`;
}

function someOf(names: readonly string[]): string {
  const left = names.length - NAMES;
  return `${names.slice(0, NAMES).map(printable).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
}

/** Without what would do something to a terminal. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, "?");
}

/** The same as plain data, for `--json` (docs/formats.md). */
export function lockCheckDocument({ locks, build, sigs, check }: LockReport): LocksDocument {
  return {
    format: LOCKS_FORMAT,
    locks,
    build,
    machine: sigs.machine ?? null,
    groups: sigs.groups,
    unlockedRecipes: sigs.unlocked,
    checked: check.locks.map(({ row, name, state, why, computed, holds }) => ({
      kind: row.kind,
      group: row.group,
      name,
      taskhash: row.taskhash,
      depid: row.depid,
      state,
      why,
      computed,
      holds,
    })),
    held: check.held,
    unknown: check.unknown,
    assumed: check.assumed,
  };
}
