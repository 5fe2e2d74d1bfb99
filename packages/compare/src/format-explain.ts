import { isNostampTaint } from "@depid/hash";
import type { Comparison } from "./compare.ts";
import { counted, describeClass, grouped, someOf, titleOf } from "./describe-change.ts";
import { inputOf, sideOf } from "./diff-document.ts";
import type { ExplainDocument } from "./documents/index.ts";
import { type ChangeExplanation, type Path, WAYS_COUNTED } from "./explain-change.ts";
import type { HashExplanation, HashedDependency } from "./explain-hash.ts";
import type { TaskFile } from "./find-task.ts";
import type { LockKnowledge } from "./lock.ts";
import { nameOfConfig } from "./match-configs.ts";
import { ownDocument, ownLines } from "./own-lines.ts";
import type { DependencyDepId, TaskChange } from "./task-change.ts";
import { printable } from "./text-diff.ts";

/** How a taskhash came about and, if another build was named, why it is another one there. */
export interface ExplainReport {
  /** As named by the user. */
  readonly build: string;
  readonly hash: HashExplanation;
  /** The task's signature files, the one that counts first; empty where the build is none of these. */
  readonly files: readonly TaskFile[];
  /** By file: what a worker that parsed other metadata than the server held for other inputs. */
  readonly mismatches?: readonly WorkerMismatch[];
  readonly against?: AgainstReport;
}

/** A signature file that states the server's taskhash and holds what a worker parsed. */
export interface WorkerMismatch {
  readonly file: string;
  /** The server's, as the file states it. */
  readonly stated: string;
  /** What the file holds gives. */
  readonly taskhash: string;
  /** What differs from the file that counts; `undefined` where there is none of the server to compare with. */
  readonly change: TaskChange | undefined;
}

export interface AgainstReport {
  /** As named by the user. */
  readonly build: string;
  /** From this build to the one that is explained. */
  readonly comparison: Comparison;
  /** The task's name in the comparison. */
  readonly name: string;
  /** `undefined`: the other build does not have the task, or its taskhash is the same. */
  readonly explanation: ChangeExplanation | undefined;
  /** Dependencies with another taskhash that kept their depid. */
  readonly stopped: readonly string[];
  /** Whether all ways were asked for. */
  readonly allPaths: boolean;
}

export const EXPLAIN_FORMAT = "depid-explain/1";

const NAMES = 8;
const LINES = 12;
const IS: Readonly<Record<HashedDependency["is"], string>> = {
  taskhash: "",
  equal: "  depid of an equal output",
  locked: "  depid that a lock lists",
  perhaps: "  depid that a lock lists, or of an equal output: not recorded",
  earlier: "  not the depid that the task has in the end",
  missing: "  not in this build: its inputs are unknown",
};

const DEPID_OF: Readonly<Record<LockKnowledge, string>> = {
  no: "  of an equal output, as a server said",
  locked: "  of a lock (SIGGEN_LOCKEDSIGS): the task is NOT built as it is here",
  perhaps: "  of a lock or of an equal output: which of them is not recorded",
};

/** How much of an explanation is shown. */
export interface ExplainView {
  /** All hashes that were hashed, one a line; otherwise how many. */
  readonly allHashes: boolean;
}

/** An explanation as text for a terminal: the cause first, how the taskhash came about last. */
export function formatExplain(report: ExplainReport, { allHashes }: ExplainView = { allHashes: false }): string {
  const { build, hash, against } = report;
  return [
    headOf(build, hash),
    ...(report.mismatches ?? []).map(formatMismatchOfWorker),
    ...(against === undefined ? [] : formatAgainst(against)),
    ...formatFiles(report),
    formatHash(hash, allHashes),
  ].join("\n\n");
}

function headOf(build: string, { name, task, lock }: HashExplanation): string {
  const isOwn = (task.depid as string) === task.taskhash;
  return [
    `${printable(name)} in ${printable(build)}`,
    `taskhash  ${task.taskhash}`,
    `depid     ${task.depid}${isOwn ? "" : DEPID_OF[lock]}`,
  ].join("\n");
}

/** What a worker's other metadata are, and the files in which both stand. */
export function formatMismatchOfWorker({ file, stated, taskhash, change }: WorkerMismatch): string {
  return [
    "cause: a worker parsed other metadata than the server (Taskhash mismatch)",
    ...(change === undefined
      ? ["  unknown which: no file of the server's metadata is there to compare with"]
      : ownLines(change, LINES)),
    `  written by the worker: ${printable(file)}`,
    `  its taskhash field is the server's ${stated}; what it holds gives ${taskhash}`,
  ].join("\n");
}

function formatFiles({ files, mismatches = [] }: ExplainReport): string[] {
  if (files.length < 2 && mismatches.length === 0) return [];
  const what = ({ isCurrent, isForeign }: TaskFile) =>
    `${isCurrent ? "counts " : "       "} ${isForeign ? "a worker's " : "           "}`;
  return [
    [`signature files of the task: ${files.length}`, ...files.map((it) => `  ${what(it)} ${printable(it.file)}`)].join(
      "\n",
    ),
  ];
}

function formatHash({ task: _, ...hash }: HashExplanation, allHashes: boolean): string {
  const of =
    hash.variables === undefined ? "variables not recorded" : `of ${counted(hash.variables, "variable")} and functions`;
  const missing = hash.files.filter(([, sum]) => sum === null).length;
  const pieces = [
    `basehash (${of})`,
    counted(hash.dependencies.length, "depid"),
    `${counted(hash.files.length, "file")}${missing === 0 ? "" : ` (${grouped(missing)} missing, not hashed)`}`,
    ...(hash.taint === undefined ? [] : [isNostampTaint(hash.taint) ? "taint of a nostamp task" : "taint"]),
  ];
  const strange = hash.dependencies.filter((it) => IS[it.is] !== "");
  const list = allHashes
    ? [
        `  basehash  ${hash.basehash}  ${of}`,
        ...hash.dependencies.map((it) => `  depid     ${it.depid}  ${printable(it.name)}${IS[it.is]}`),
        ...hash.files.map(([file, sum]) => `  file      ${sum ?? "(missing, not hashed)"}  ${printable(file)}`),
        ...(hash.taint === undefined ? [] : [`  taint     ${printable(hash.taint)}`]),
      ]
    : [
        `  ${pieces.join(", ")}; --all lists them`,
        ...strange.slice(0, NAMES).map((it) => `  ${printable(it.name)}:${IS[it.is]}`),
        ...(strange.length > NAMES ? [`  … ${counted(strange.length - NAMES, "more such depid")}`] : []),
      ];
  return [
    `how the taskhash came about: SHA-256 of ${grouped(hash.length)} characters`,
    ...list,
    hash.isExact
      ? "recomputed: equal"
      : `recomputed: ${hash.recomputed}, NOT EQUAL: a locked signature, or something is not recorded`,
  ].join("\n");
}

function formatAgainst({ build, comparison, name, explanation, stopped, allPaths }: AgainstReport): string[] {
  const { match } = comparison.pairing.configs;
  const configs =
    match === undefined || match.before === match.after
      ? ""
      : `, multiconfig ${printable(nameOfConfig(match.after))} with ${printable(nameOfConfig(match.before))}`;
  const head = `against ${printable(build)}${configs}`;
  if (explanation === undefined) {
    const there = comparison.pairing.pairs.get(name)?.before !== undefined;
    return [
      [
        `${head}: ${there ? "the same taskhash" : "the task is not there"}`,
        ...(stopped.length === 0
          ? []
          : [`  the change stopped at ${someOf(stopped, NAMES)}: another taskhash, the same depid`]),
      ].join("\n"),
    ];
  }
  const { change, roots, stops, pathCount, paths } = explanation;
  const mark = (task: string) =>
    `${printable(task)}${comparison.pairing.pairs.get(task)?.after?.setscene === true ? "*" : ""}`;
  const way = (path: Path) => path.map(mark).join(" -> ");
  const ways = pathCount === undefined ? `more than ${grouped(WAYS_COUNTED)} ways` : counted(pathCount, "way");
  return [
    [
      `${head}: changed (tasks with * are sstate tasks)`,
      `${counted(roots.length, "root cause")}, ${ways}; the shortest of each:`,
      ...roots.map(({ cause, number, path }) => {
        const { what, name: input, more } = titleOf(cause);
        return `  ${number + 1}. ${what} ${input}${more} (${describeClass(cause.class)})\n     ${way(path)}`;
      }),
    ].join("\n"),
    ...(allPaths
      ? [
          [
            pathCount === paths.length ? "all ways:" : `the ${grouped(paths.length)} shortest ways:`,
            ...paths.map((path) => `  ${way(path)}`),
            ...(pathCount === undefined
              ? ["  … and more"]
              : pathCount > paths.length
                ? [`  … ${grouped(pathCount - paths.length)} more`]
                : []),
          ].join("\n"),
        ]
      : []),
    [
      `own inputs: ${change.own.length === 0 ? "the same" : counted(change.own.length, "change")}`,
      ...ownLines(change, LINES),
      `dependencies: ${grouped(change.through.length)} of ${grouped(change.after.hashdeps.length)} with another depid` +
        `${change.through.length === 0 ? "" : `: ${listed(change.through, mark)}`}`,
      ...(stopped.length === 0 ? [] : [`  stopped at ${someOf(stopped, NAMES)}: another taskhash, the same depid`]),
      `taskhash there: ${change.before.taskhash}`,
    ].join("\n"),
    [
      "what would have stopped it:",
      ...(stops.direct === undefined
        ? ["  - nothing altogether: its own inputs changed"]
        : [`  - the same depids of ${someOf(stops.direct, NAMES)}`]),
      ...(stops.lowestSstate.length === 0
        ? []
        : [`  - equal outputs of all of ${someOf(stops.lowestSstate, NAMES)}: the lowest sstate tasks on the ways`]),
      ...(stops.unstoppable.length === 0
        ? []
        : [`  - no output: there is no sstate task on a way from ${someOf(stops.unstoppable, NAMES)}`]),
      ...(stops.locked.length === 0
        ? []
        : [`  - no output: a lock gives the depids of ${someOf(stops.locked, NAMES)}, here or there`]),
      ...(stops.held.length === 0
        ? []
        : [`  a lock stopped it at ${someOf(stops.held, NAMES)}: what came to it there is NOT built`]),
      `depids that stopped the change below: ${stops.stopped.length === 0 ? "none" : someOf(stops.stopped, NAMES)}`,
      `sstate tasks on the ways that did not keep theirs: ${stops.passed.length === 0 ? "none" : `${grouped(stops.passed.length)}, such as ${someOf(stops.passed, NAMES)}`}`,
    ].join("\n"),
  ];
}

function listed(through: readonly DependencyDepId[], mark: (task: string) => string): string {
  const more = through.length - NAMES;
  const names = through.slice(0, NAMES).map((it) => mark(it.name));
  return `${names.join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

/** An explanation as plain data, for `--json` (docs/formats.md). */
export function explainDocument({
  build,
  hash,
  files: signatureFiles,
  mismatches = [],
  against,
}: ExplainReport): ExplainDocument {
  const { name, task, basehash, variables, dependencies, files, taint, length, recomputed, lock, isExact } = hash;
  return {
    format: EXPLAIN_FORMAT,
    build,
    task: { name, tid: task.tid, sstate: task.setscene, taskhash: task.taskhash, depid: task.depid, lock },
    hashed: {
      length,
      basehash: { hash: basehash, variables: variables ?? null },
      dependencies,
      files,
      taint: taint ?? null,
      recomputed,
      exact: isExact,
    },
    ...(signatureFiles.length === 0
      ? {}
      : {
          signatureFiles: signatureFiles.map(({ taskhash, depid, ...it }) => ({
            ...it,
            taskhash: taskhash ?? null,
            depid: depid ?? null,
          })),
        }),
    ...(mismatches.length === 0
      ? {}
      : { mismatches: mismatches.map(({ change, ...it }) => ({ ...it, changes: ownDocument(change) })) }),
    ...(against === undefined ? {} : { against: describeAgainst(against) }),
  };
}

function describeAgainst({
  build,
  comparison,
  name,
  explanation,
  stopped,
  allPaths,
}: AgainstReport): ExplainDocument["against"] {
  const side = sideOf(build, comparison.before);
  if (explanation === undefined) {
    const there = comparison.pairing.pairs.get(name)?.before !== undefined;
    return { ...side, result: there ? "same" : "absent", stopped };
  }
  const { change, roots, pathCount, paths, stops } = explanation;
  return {
    ...side,
    result: "changed",
    stopped,
    taskhash: [change.before.taskhash, change.after.taskhash],
    depid: [change.before.depid, change.after.depid],
    own: ownDocument(change),
    through: change.through,
    roots: roots.map(({ cause, number, path }) => ({
      cause: number,
      recipe: cause.recipe ?? null,
      class: { ...cause.class, suggests: cause.class.suggests ?? null },
      changes: cause.changes.map((it) => inputOf(it.change)),
      entered: cause.entered,
      path,
    })),
    ways: pathCount === undefined ? null : String(pathCount),
    ...(allPaths
      ? { paths, pathsLeft: pathCount === undefined ? null : String(Math.max(0, pathCount - paths.length)) }
      : {}),
    stops: { ...stops, direct: stops.direct ?? null },
  };
}
