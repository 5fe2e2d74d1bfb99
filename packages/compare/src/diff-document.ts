import type { Variable } from "@depid/task-graph";
import type { ChangeClass } from "./classify.ts";
import type { ComparedSide } from "./compare.ts";
import type { ChangedInput, DiffDocument } from "./documents/index.ts";
import type { DiffReport } from "./format-diff.ts";
import type { OwnChange } from "./own-change.ts";
import { findExclusion } from "./variable-way.ts";

export const DIFF_FORMAT = "depid-diff/1";

/** A comparison as plain data, for `--json` (docs/formats.md): all causes and tasks, texts whole. */
export function diffDocument({ before, after, comparison, selection, cost }: DiffReport): DiffDocument {
  const { common, commonSstate, added, removed, changed, stopped, kept, held, relocked, causes, causesOf } = comparison;
  const { match } = comparison.pairing.configs;
  return {
    format: DIFF_FORMAT,
    before: sideOf(before, comparison.before),
    after: sideOf(after, comparison.after),
    ...(selection === undefined ? {} : { selection }),
    ...(match === undefined || match.before === match.after ? {} : { multiconfig: match }),
    counts: {
      common: { tasks: common, sstate: commonSstate },
      changed: { tasks: changed.length, sstate: changed.filter((it) => it.after.setscene).length },
      added: added.length,
      removed: removed.length,
      stopped: stopped.length,
      held: held.length,
      perhapsHeld: comparison.perhapsHeld.length,
      relocked: relocked.length,
    },
    ...(cost === undefined
      ? {}
      : {
          work: {
            durations: cost.names,
            measure: cost.measure,
            workers: cost.workers,
            sources: cost.sources,
            changed: cost.changed,
            added: cost.added,
          },
        }),
    causes: causes.map(({ recipe, class: kind, all, only, entered, lowest, changes }, at) => ({
      recipe: recipe ?? null,
      class: classOf(kind),
      all,
      only,
      ...(cost === undefined ? {} : { work: cost.causes[at] }),
      entered,
      lowest,
      changes: changes.map(({ change, variants, entered, brings, drops, way, class: its }) => ({
        ...inputOf(change),
        variants: variants.length,
        entered,
        brings,
        drops,
        way: way ?? null,
        exclude: (its.name === "clock" && way !== undefined ? findExclusion(way) : undefined) ?? null,
        class: classOf(its),
      })),
    })),
    tasks: changed.map(({ name, before: old, after: young, own, through, stopped: below }) => ({
      name,
      sstate: young.setscene,
      basehash: [old.basehash, young.basehash],
      taskhash: [old.taskhash, young.taskhash],
      depid: [old.depid, young.depid],
      own: own.map(withoutTexts),
      through,
      stopped: below,
      kept: kept.get(name) ?? null,
      causes: causesOf(name),
    })),
    added: added.map((it) => it.name),
    removed: removed.map((it) => it.name),
    stopped,
    held,
    relocked,
  };
}

/** What a capture says of itself, under the name that the user gave it. */
export function sideOf(input: string, { header, tasks }: ComparedSide): DiffDocument["before"] {
  const { origin, unknown, assumed } = header;
  return { input, tasks, origin, unknown, assumed };
}

/** A change with its texts whole; what is absent is null. */
export function inputOf(change: OwnChange): ChangedInput {
  switch (change.kind) {
    case "variable":
      return { ...change, before: variableOf(change.before), after: variableOf(change.after) };
    case "file":
    case "taint":
      return { ...change, before: change.before ?? null, after: change.after ?? null };
    default:
      return change;
  }
}

function variableOf(variable: Variable | undefined) {
  return variable === undefined ? null : { value: variable.value, deps: variable.deps };
}

/** Texts stand with the causes, once. */
function withoutTexts(change: OwnChange): DiffDocument["tasks"][number]["own"][number] {
  if (change.kind !== "variable") return inputOf(change);
  const { before: _, after: __, ...rest } = change;
  return rest;
}

function classOf({ name, sure, suggests, reason }: ChangeClass) {
  return { name, sure, suggests: suggests ?? null, reason };
}
