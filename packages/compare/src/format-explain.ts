import { wayOf } from "./cause.ts";
import { classifyChanges } from "./classify.ts";
import type { Comparison } from "./compare.ts";
import {
  counted,
  describeChange,
  describeClass,
  describeWay,
  diffOf,
  grouped,
  someOf,
  titleOf,
} from "./describe-change.ts";
import { inputOf, sideOf } from "./diff-document.ts";
import type { ChangeExplanation, Path } from "./explain-change.ts";
import type { HashExplanation, HashedDependency } from "./explain-hash.ts";
import type { LockKnowledge } from "./lock.ts";
import type { DependencyDepId } from "./task-change.ts";
import { printable } from "./text-diff.ts";

/** How a taskhash came about and, if another build was named, why it is another one there. */
export interface ExplainReport {
  /** As named by the user. */
  readonly build: string;
  readonly hash: HashExplanation;
  readonly against?: AgainstReport;
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

/** An explanation as text for a terminal. */
export function formatExplain({ build, hash, against }: ExplainReport): string {
  return [formatHash(build, hash), ...(against === undefined ? [] : [formatAgainst(against)])].join("\n\n");
}

function formatHash(build: string, { name, task, ...hash }: HashExplanation): string {
  const isOwn = (task.depid as string) === task.taskhash;
  const of =
    hash.variables === undefined ? "variables not recorded" : `of ${counted(hash.variables, "variable")} and functions`;
  return [
    `${printable(name)} in ${printable(build)}`,
    `taskhash  ${task.taskhash}`,
    `depid     ${task.depid}${isOwn ? "" : DEPID_OF[hash.lock]}`,
    `SHA-256 of ${grouped(hash.length)} characters:`,
    `  basehash  ${hash.basehash}  ${of}`,
    ...hash.dependencies.map((it) => `  depid     ${it.depid}  ${printable(it.name)}${IS[it.is]}`),
    ...hash.files.map(([file, sum]) => `  file      ${sum ?? "(missing, not hashed)"}  ${printable(file)}`),
    ...(hash.taint === undefined ? [] : [`  taint     ${printable(hash.taint)}`]),
    hash.isExact
      ? "recomputed: equal"
      : `recomputed: ${hash.recomputed}, NOT EQUAL: a locked signature, or something is not recorded`,
  ].join("\n");
}

function formatAgainst({ build, comparison, name, explanation, stopped, allPaths }: AgainstReport): string {
  if (explanation === undefined) {
    const there = comparison.pairing.pairs.get(name)?.before !== undefined;
    return [
      `against ${printable(build)}: ${there ? "the same taskhash" : "the task is not there"}`,
      ...(stopped.length === 0
        ? []
        : [`  the change stopped at ${someOf(stopped, NAMES)}: another taskhash, the same depid`]),
    ].join("\n");
  }
  const { change, roots, stops, pathCount, paths } = explanation;
  const mark = (task: string) =>
    `${printable(task)}${comparison.pairing.pairs.get(task)?.after?.setscene === true ? "*" : ""}`;
  const way = (path: Path) => path.map(mark).join(" -> ");
  const left = pathCount - BigInt(paths.length);
  return [
    [
      `against ${printable(build)}: changed (tasks with * are sstate tasks)`,
      `  taskhash there  ${change.before.taskhash}`,
      `  taskhash here   ${change.after.taskhash}`,
    ].join("\n"),
    [
      `own inputs: ${change.own.length === 0 ? "the same" : counted(change.own.length, "change")}`,
      ...change.own.flatMap((it) => {
        const { what, name: input, how } = describeChange(it);
        const lines = diffOf(it, LINES);
        return [
          `  - ${[what, input, how].filter((word) => word !== "").join(" ")}`,
          ...describeWay(wayOf(it, change), classifyChanges([it], [change])).map((line) => `    ${line}`),
          ...(lines?.lines ?? []).map((line) => `      ${line}`),
          ...(lines !== undefined && lines.left > 0 ? [`      … ${counted(lines.left, "more line")}`] : []),
        ];
      }),
      `dependencies: ${grouped(change.through.length)} of ${grouped(change.after.hashdeps.length)} with another depid` +
        `${change.through.length === 0 ? "" : `: ${listed(change.through, mark)}`}`,
      ...(stopped.length === 0 ? [] : [`  stopped at ${someOf(stopped, NAMES)}: another taskhash, the same depid`]),
    ].join("\n"),
    [
      `${counted(roots.length, "root cause")}, ${grouped(pathCount)} ways; the shortest of each:`,
      ...roots.map(({ cause, number, path }) => {
        const { what, name: input, more } = titleOf(cause);
        return `  ${number + 1}. ${what} ${input}${more} (${describeClass(cause.class)})\n     ${way(path)}`;
      }),
    ].join("\n"),
    ...(allPaths
      ? [
          [
            "all ways:",
            ...paths.map((path) => `  ${way(path)}`),
            ...(left > 0n ? [`  … ${grouped(left)} more`] : []),
          ].join("\n"),
        ]
      : []),
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
      `depids that stopped the change below: ${stops.stopped.length === 0 ? "none" : someOf(stops.stopped, NAMES)}`,
      `sstate tasks on the ways that did not keep theirs: ${stops.passed.length === 0 ? "none" : `${grouped(stops.passed.length)}, such as ${someOf(stops.passed, NAMES)}`}`,
    ].join("\n"),
  ].join("\n\n");
}

function listed(through: readonly DependencyDepId[], mark: (task: string) => string): string {
  const more = through.length - NAMES;
  const names = through.slice(0, NAMES).map((it) => mark(it.name));
  return `${names.join(", ")}${more > 0 ? ` and ${grouped(more)} more` : ""}`;
}

/** An explanation as plain data, for `--json` (docs/formats.md). */
export function explainDocument({ build, hash, against }: ExplainReport): object {
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
    ...(against === undefined ? {} : { against: describeAgainst(against) }),
  };
}

function describeAgainst({ build, comparison, name, explanation, stopped, allPaths }: AgainstReport): object {
  const there = comparison.pairing.pairs.get(name)?.before !== undefined;
  const head = {
    ...sideOf(build, comparison.before),
    result: there ? (explanation === undefined ? "same" : "changed") : "absent",
    stopped,
  };
  if (explanation === undefined) return head;
  const { change, roots, pathCount, paths, stops } = explanation;
  return {
    ...head,
    taskhash: [change.before.taskhash, change.after.taskhash],
    depid: [change.before.depid, change.after.depid],
    own: change.own.map(inputOf),
    through: change.through,
    roots: roots.map(({ cause, number, path }) => ({
      cause: number,
      recipe: cause.recipe ?? null,
      class: { ...cause.class, suggests: cause.class.suggests ?? null },
      changes: cause.changes.map((it) => inputOf(it.change)),
      entered: cause.entered,
      path,
    })),
    ways: String(pathCount),
    ...(allPaths ? { paths, pathsLeft: String(pathCount - BigInt(paths.length)) } : {}),
    stops: { ...stops, direct: stops.direct ?? null },
  };
}
