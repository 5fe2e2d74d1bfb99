import { byCodePoint, isNostampTaint, recipeOfVariant } from "@depid/hash";
import { type CauseCounts, countReached } from "./cause-count.ts";
import { CauseReach } from "./cause-reach.ts";
import { type ChangeClass, classifyCause, classifyChanges } from "./classify.ts";
import { Edits } from "./edit.ts";
import type { OwnChange, VariableChange } from "./own-change.ts";
import type { TaskChange } from "./task-change.ts";
import { variableWay } from "./variable-way.ts";

/** Changes that belong together, and what comes of them. */
export interface Cause extends CauseCounts {
  /** A recipe and its native, nativesdk and cross variants; `undefined` if the changes entered several. */
  readonly recipe: string | undefined;
  readonly changes: readonly CauseChange[];
  /** Names of the tasks where it entered: where one of the changes is one of the task's own. */
  readonly entered: readonly string[];
  /** Those among them that nothing reaches through a dependency. */
  readonly lowest: readonly string[];
  readonly class: ChangeClass;
}

/** One change, wherever it entered: the same before and after, or the same edit of texts that are otherwise not the same. */
export interface CauseChange {
  /** Equal for equal changes of whatever tasks. */
  readonly key: string;
  readonly change: OwnChange;
  /** The same edit of other texts, without `change` itself. */
  readonly variants: readonly OwnChange[];
  /** Names of the tasks where it entered. */
  readonly entered: readonly string[];
  /** Variables that entered the basehashes because the variable names them now. */
  readonly brings: readonly string[];
  /** Variables that left the basehashes because the variable names them no more. */
  readonly drops: readonly string[];
  /**
   * How a variable gets into the basehash of the first of these tasks: from the task through variables that name each other. `undefined` if
   * that is not recorded, or the change is of another kind.
   */
  readonly way: readonly string[] | undefined;
  readonly class: ChangeClass;
}

/** The root causes of changes, and which task each reaches. */
export interface Causes {
  /** Most tasks first, then by name. */
  readonly causes: readonly Cause[];
  /** Positions in `causes` of those that reach a changed task. */
  readonly causesOf: (name: string) => readonly number[];
}

/**
 * Groups the own changes of tasks by root cause. The same change in many tasks is one. Changes that entered tasks of one
 * recipe only (with its native, nativesdk and cross variants) are one cause; so are changes that entered exactly the same tasks.
 */
export function findCauses(changed: readonly TaskChange[]): Causes {
  const groups = groupChanges(collectChanges(changed));
  const byName = new Map(changed.map((change) => [change.name, change]));
  const drafts = groups.map((changes) => {
    const entered = [...new Set(changes.flatMap((it) => it.entered))].sort(byCodePoint);
    return { changes, entered };
  });
  const reach = new CauseReach(
    changed,
    drafts.map((it) => it.entered),
  );
  const counts = countReached(changed, drafts, (name) => reach.causesOf(name));
  const causes = drafts.map(({ changes, entered }, i): Cause & { readonly at: number } => {
    const classed = changes.map(
      ({ families: _, ...it }): CauseChange => ({
        ...it,
        way: wayOf(it.change, byName.get(it.entered[0] ?? "")),
        class: classifyChanges([it.change, ...it.variants], tasksOf(it.entered)),
      }),
    );
    return {
      at: i,
      recipe: onlyFamily(entered.map((name) => byName.get(name) as TaskChange)),
      changes: classed,
      entered,
      lowest: entered.filter((name) => byName.get(name)?.through.length === 0),
      ...(counts[i] as CauseCounts),
      class: classifyCause(classed, tasksOf(entered)),
    };
  });
  causes.sort(
    (a, b) => b.all.tasks - a.all.tasks || byCodePoint(a.entered[0] ?? "", b.entered[0] ?? "") || a.at - b.at,
  );
  const places = new Map(causes.map(({ at }, place) => [at, place]));
  return {
    causes: causes.map(({ at: _, ...cause }) => cause),
    causesOf: (name) =>
      reach
        .causesOf(name)
        .map((at) => places.get(at) as number)
        .sort((a, b) => a - b),
  };

  function tasksOf(names: readonly string[]): TaskChange[] {
    return names.map((name) => byName.get(name) as TaskChange);
  }
}

/** How the variable of a change gets into a task's basehash; `undefined` for other changes. */
export function wayOf(change: OwnChange, task: TaskChange | undefined): readonly string[] | undefined {
  if (change.kind !== "variable" || task === undefined) return undefined;
  return variableWay(change.change === "removed" ? task.before : task.after, change.name);
}

interface DraftChange extends Omit<CauseChange, "class" | "way"> {
  readonly families: ReadonlySet<string>;
}

function collectChanges(changed: readonly TaskChange[]): DraftChange[] {
  const edits = new Edits();
  const found = new Map<
    string,
    {
      change: OwnChange;
      entered: string[];
      variants: Map<number, OwnChange>;
      families: Set<string>;
      brings: Set<string>;
      drops: Set<string>;
    }
  >();
  for (const task of changed) {
    for (const { change, brings, drops } of rootsOf(task.own)) {
      const key = keyOf(change, task, edits);
      let draft = found.get(key);
      if (draft === undefined) {
        draft = { change, variants: new Map(), entered: [], families: new Set(), brings: new Set(), drops: new Set() };
        found.set(key, draft);
      }
      draft.entered.push(task.name);
      if (change.kind === "variable") draft.variants.set(edits.textsOf(change), change);
      draft.families.add(familyOf(task));
      for (const name of brings) draft.brings.add(name);
      for (const name of drops) draft.drops.add(name);
    }
  }
  return [...found].map(([key, { brings, drops, variants, ...rest }]) => ({
    key,
    ...rest,
    variants: [...variants.values()].slice(1),
    brings: [...brings].sort(byCodePoint),
    drops: [...drops].sort(byCodePoint),
  }));
}

function groupChanges(changes: readonly DraftChange[]): DraftChange[][] {
  const groups = new Map<string, DraftChange[]>();
  for (const draft of changes) {
    const [family = ""] = draft.families;
    const isEnd = draft.change.kind === "unknown inputs" || draft.change.kind === "other depid";
    const key = isEnd ? draft.key : draft.families.size === 1 ? `recipe ${family}` : `tasks ${draft.entered.join(" ")}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [draft]);
    else group.push(draft);
  }
  for (const group of groups.values())
    group.sort((a, b) => b.entered.length - a.entered.length || byCodePoint(a.key, b.key));
  return [...groups.values()];
}

/** An own change, with the variables that came and went with it. */
export interface RootChange {
  readonly change: OwnChange;
  readonly brings: readonly string[];
  readonly drops: readonly string[];
}

/** The own changes of a task without those variables that only came or went with another variable that names them. */
export function rootsOf(own: readonly OwnChange[]): RootChange[] {
  const variables = new Map(own.filter((it) => it.kind === "variable").map((it) => [it.name, it]));
  const brought = new Set<string>();
  const roots: RootChange[] = [];
  for (const change of own) {
    if (change.kind !== "variable" || (change.change !== "text" && change.change !== "dependencies")) continue;
    const brings = followed(change, variables, "added");
    const drops = followed(change, variables, "removed");
    for (const name of [...brings, ...drops]) brought.add(name);
    if (change.change === "text" || brings.length > 0 || drops.length > 0) roots.push({ change, brings, drops });
  }
  for (const change of own) {
    if (change.kind !== "variable") roots.push({ change, brings: [], drops: [] });
    else if ((change.change === "added" || change.change === "removed") && !brought.has(change.name)) {
      roots.push({ change, brings: [], drops: [] });
    }
  }
  return roots;
}

/** Added (or removed) variables that a variable newly names (or names no more), directly or through one another. */
function followed(
  from: VariableChange,
  variables: ReadonlyMap<string, VariableChange>,
  what: "added" | "removed",
): string[] {
  const side = what === "added" ? "after" : "before";
  const found = new Set<string>();
  const queue: VariableChange[] = [from];
  for (const variable of queue) {
    for (const name of variable[side]?.deps ?? []) {
      const next = variables.get(name);
      if (next?.change !== what || found.has(name)) continue;
      found.add(name);
      queue.push(next);
    }
  }
  for (const variable of variables.values()) {
    const [, owner = ""] = /^(.+)\[[^\]]*\]$/.exec(variable.name) ?? []; // flags come and go with their variable
    if (variable.change === what && found.has(owner)) found.add(variable.name);
  }
  return [...found];
}

/** Equal for equal changes of whatever tasks. */
function keyOf(change: OwnChange, task: TaskChange, edits: Edits): string {
  switch (change.kind) {
    case "variable":
      return `variable ${change.name} ${change.change} ${edits.editOf(change)}`;
    case "file":
      return `file ${change.name} ${change.before} ${change.after}`;
    case "taint":
      return isNostampTaint(change.before) && isNostampTaint(change.after)
        ? "taint nostamp"
        : `taint ${JSON.stringify([change.before, change.after])}`;
    case "dependency":
      return `dependency ${change.change} ${change.sameRecipe ? `:${change.name.split(":").at(-1)}` : change.name}`;
    case "unknown inputs":
    case "other depid":
      return `${change.kind} ${change.name} ${change.before} ${change.after}`;
    case "metadata":
      return `metadata ${familyOf(task)}`; // all that can be said: something of this recipe
    case "order":
      return `order ${change.of}`;
    case "unexplained":
      return `unexplained ${task.name}`;
  }
}

function familyOf({ after }: TaskChange): string {
  return recipeOfVariant(after.pn);
}

function onlyFamily(tasks: readonly TaskChange[]): string | undefined {
  const families = new Set(tasks.map(familyOf));
  return families.size === 1 ? [...families][0] : undefined;
}
