import { byCodePoint, formatTaskName, hasCross, hasCrosssdk, isNative, isNativesdk, type Tid } from "@depid/hash";
import type { Task } from "./task.ts";

/**
 * Hard dependencies as OE-Core's classes and recipes make them, for builds of which none were recorded:
 *
 * - do_package of a recipe that is packaged needs the sysroot of pseudo-native, the tool for fakeroot (base.bbclass);
 * - do_package and do_populate_sysroot of a recipe that makes users need the sysroots of base-passwd, shadow-sysroot, shadow-native
 *   and pseudo-native (useradd.bbclass);
 * - do_package of sysvinit needs the sysroot of base-passwd;
 * - do_populate_sysroot of pseudo-native needs that of sqlite3-native.
 *
 * Which recipes make users is told by their own dependencies: no other target recipe needs shadow-native for its sysroot. What cannot be
 * seen so: users of other recipes that such a recipe names in USERADD_DEPENDS, and what other layers add.
 *
 * @param tasks whole recipes: a task's hard dependencies are looked for among what the tasks of its recipe depend on
 * @param nameOf `PN:TASK` of a tid that may be no task of these; by default only these tasks are known
 * @returns those tasks that have some, each with its hard dependencies by code point
 */
export function assumeHardDependencies(
  tasks: readonly Task[],
  nameOf: (tid: Tid) => string | undefined = namesIn(tasks),
): Map<Tid, readonly Tid[]> {
  const assumed = new Map<Tid, readonly Tid[]>();
  for (const recipe of recipesOf(tasks)) {
    const restorable = recipe.filter(({ setscene, task }) => setscene && SYSROOT_USERS.has(task));
    if (restorable.length === 0) continue;
    const sysroots = directSysroots(recipe, nameOf);
    for (const { tid, pn, task } of restorable) {
      const needed = sysroots.filter((it) => isNeeded(pn, task, it.pn, sysroots)).map((it) => it.tid);
      if (needed.length > 0) assumed.set(tid, needed.sort(byCodePoint));
    }
  }
  return assumed;
}

/** A sysroot that some task of a recipe depends on: do_populate_sysroot of another recipe. */
interface Sysroot {
  readonly pn: string;
  readonly tid: Tid;
}

const SYSROOT = "do_populate_sysroot";
const PACKAGE = "do_package";
const SYSROOT_USERS: ReadonlySet<string> = new Set([SYSROOT, PACKAGE]);
const FAKEROOT = "pseudo-native";
const USER_TOOLS = "shadow-native";

/** Whether restoring the task needs the sysroot. Recipes of a multilib have a prefix, as has what they need: `lib32-sysvinit`. */
function isNeeded(pn: string, task: string, sysroot: string, all: readonly Sysroot[]): boolean {
  if (task === SYSROOT && pn === FAKEROOT) return sysroot === "sqlite3-native";
  if (isForHost(pn)) return task === PACKAGE && sysroot === FAKEROOT;
  if (all.some((it) => it.pn === USER_TOOLS)) {
    return sysroot === FAKEROOT || sysroot === USER_TOOLS || /^(.+-)?(base-passwd|shadow-sysroot)$/.test(sysroot);
  }
  if (task !== PACKAGE) return false;
  return sysroot === FAKEROOT || (/^(.+-)?sysvinit$/.test(pn) && /^(.+-)?base-passwd$/.test(sysroot));
}

/** Whether a recipe is no target recipe, by its name as OE-Core gives it. */
function isForHost(pn: string): boolean {
  return isNative(pn) || isNativesdk(pn) || hasCross(pn) || hasCrosssdk(pn);
}

/** Sysroots that preparing the recipe's own sysroot or packaging it needs directly, each once. */
function directSysroots(recipe: readonly Task[], nameOf: (tid: Tid) => string | undefined): Sysroot[] {
  const found = new Map<Tid, Sysroot>();
  for (const { task, execdeps } of recipe) {
    if (task !== "do_prepare_recipe_sysroot" && task !== PACKAGE) continue;
    for (const tid of execdeps) {
      const name = nameOf(tid);
      if (name?.endsWith(`:${SYSROOT}`)) found.set(tid, { pn: name.slice(0, -SYSROOT.length - 1), tid });
    }
  }
  return [...found.values()];
}

function recipesOf(tasks: readonly Task[]): Iterable<readonly Task[]> {
  const recipes = new Map<string, Task[]>();
  for (const task of tasks) {
    const recipe = task.tid.slice(0, task.tid.lastIndexOf(":"));
    const of = recipes.get(recipe);
    if (of === undefined) recipes.set(recipe, [task]);
    else of.push(task);
  }
  return recipes.values();
}

function namesIn(tasks: readonly Task[]): (tid: Tid) => string | undefined {
  const names = new Map(tasks.map(({ tid, pn, task }) => [tid, formatTaskName({ pn, task })]));
  return (tid) => names.get(tid);
}
