import { byCodePoint, recipeOfVariant, TASK_PREFIX } from "@depid/hash";
import { compileShellPattern } from "@depid/sstate";
import { TASK_HABITS } from "../outcomes/task-habits.ts";

/** A task by the names that labels match. */
export interface NamedChange {
  readonly pn: string;
  /** With `do_`. */
  readonly task: string;
}

/** Shell patterns of a label; absent: any. */
export interface LabelPattern {
  readonly recipe?: string;
  readonly task?: string;
}

/** One label of a list in which the first that matches decides. */
export interface CoveringPattern<T> {
  /** Which of the groups it is for. */
  readonly group: number;
  readonly pattern: LabelPattern;
  /** What it decides. */
  readonly covers: readonly T[];
}

/** Families of recipes that are tried as patterns of their own. */
const MAX_FAMILIES = 8;

/**
 * Patterns by which each group's members are found and no other's, the first that matches deciding: small groups first, so that
 * the patterns of large ones can be short. Of patterns for the same members the one that names most is taken.
 *
 * @param groups with no pair of recipe and task in two of them
 */
export function coverGroups<T extends NamedChange>(groups: readonly (readonly T[])[]): CoveringPattern<T>[] {
  const order = groups
    .map((members, group) => ({ group, members: [...members].sort(byName) }))
    .sort((a, b) => a.members.length - b.members.length || compareFirst(a.members, b.members));
  const found: CoveringPattern<T>[] = [];
  for (const [at, { group, members }] of order.entries()) {
    const others = order.slice(at + 1).flatMap((it) => it.members);
    for (const { pattern, covers } of coverGroup(members, others)) found.push({ group, pattern, covers });
  }
  return found;
}

interface Cover<T> {
  readonly pattern: LabelPattern;
  readonly covers: readonly T[];
}

function coverGroup<T extends NamedChange>(members: readonly T[], others: readonly T[]): Cover<T>[] {
  const found: Cover<T>[] = [];
  let left = members;
  const wide = widePatterns(members).filter(({ matches }) => !others.some(matches));
  while (left.length > 0) {
    let best: { readonly pattern: LabelPattern; readonly covers: readonly T[]; readonly names: number } | undefined;
    for (const { pattern, matches, names } of wide) {
      const covers = left.filter(matches);
      const gain = covers.length - (best?.covers.length ?? 0);
      if (gain > 0 || (gain === 0 && covers.length > 0 && names > (best?.names ?? 0)))
        best = { pattern, covers, names };
    }
    if (best === undefined) break;
    const { pattern, covers } = best;
    found.push({ pattern, covers });
    const covered = new Set(covers);
    left = left.filter((it) => !covered.has(it));
  }
  return [...found, ...coverOneByOne(left, others)];
}

/** By recipe if all of it belongs to the group, else by recipe and task. */
function coverOneByOne<T extends NamedChange>(members: readonly T[], others: readonly T[]): Cover<T>[] {
  const taken = new Set(others.map(({ pn }) => pn));
  const found = new Map<string, { pattern: LabelPattern; covers: T[] }>();
  for (const member of members) {
    const recipe = literal(member.pn);
    const pattern = taken.has(member.pn) ? { recipe, task: literal(member.task) } : { recipe };
    const key = JSON.stringify(pattern);
    const known = found.get(key);
    if (known === undefined) found.set(key, { pattern, covers: [member] });
    else known.covers.push(member);
  }
  return [...found.values()];
}

interface WidePattern {
  readonly pattern: LabelPattern;
  readonly matches: (change: NamedChange) => boolean;
  /** How much it names: of two that find the same, the one that names more is taken. */
  readonly names: number;
}

function widePatterns(members: readonly NamedChange[]): WidePattern[] {
  const recipes = namePatterns(new Set(members.map(({ pn }) => pn)), recipePatterns);
  const tasks = namePatterns(new Set(members.map(({ task }) => task)), taskPatterns);
  return recipes.flatMap((recipe) =>
    tasks.map((task) => ({
      pattern: {
        ...(recipe.text === undefined ? {} : { recipe: recipe.text }),
        ...(task.text === undefined ? {} : { task: task.text }),
      },
      matches: ({ pn, task: name }) => recipe.matches.has(pn) && task.matches.has(name),
      names: recipe.names + task.names,
    })),
  );
}

interface NamePattern {
  /** Absent: any. */
  readonly text: string | undefined;
  readonly matches: { has(name: string): boolean };
  readonly names: number;
}

function namePatterns(names: ReadonlySet<string>, others: (names: readonly string[]) => string[]): NamePattern[] {
  const texts = new Set([...others([...names]), ...(names.size === 1 ? [...names].map(literal) : [])]);
  return [
    { text: undefined, matches: { has: () => true }, names: 0 },
    ...[...texts].sort(byCodePoint).map((text): NamePattern => {
      const pattern = compileShellPattern(text);
      return { text, matches: { has: (name) => pattern.test(name) }, names: text.includes("*") ? 1 : 2 };
    }),
  ];
}

function recipePatterns(names: readonly string[]): string[] {
  const families = [...new Set(names.map(recipeOfVariant))];
  const byFamily = families.length > MAX_FAMILIES ? [] : families.map((it) => `${literal(it)}*`);
  return [...byFamily, ...ends(names, 3)];
}

function taskPatterns(names: readonly string[]): string[] {
  const habits = TASK_HABITS.map(({ task }) => task);
  return [...names.map(literal), ...habits, ...ends(names, TASK_PREFIX.length + 1)];
}

/** A pattern by what all names begin and end with, if they begin or end with enough. */
function ends(names: readonly string[], least: number): string[] {
  if (names.length < 2) return [];
  const before = commonStart(names);
  const behind = reversed(commonStart(names.map((it) => reversed(it.slice(before.length)))));
  return before.length >= least || behind.length >= least ? [`${literal(before)}*${literal(behind)}`] : [];
}

function commonStart(names: readonly string[]): string {
  const [first = "", ...rest] = names;
  let length = first.length;
  for (const name of rest) {
    while (!name.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}

/** A name as a shell pattern that matches it alone. */
function literal(name: string): string {
  return name.replace(/[*?[]/g, "[$&]");
}

function byName(a: NamedChange, b: NamedChange): number {
  return byCodePoint(a.pn, b.pn) || byCodePoint(a.task, b.task);
}

function compareFirst(a: readonly NamedChange[], b: readonly NamedChange[]): number {
  const [first, other] = [a[0], b[0]];
  return first === undefined || other === undefined ? 0 : byName(first, other);
}
