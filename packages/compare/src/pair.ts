import {
  byCodePoint,
  configPrefix,
  formatTaskName,
  hasConfig,
  nameOfVariant,
  splitTid,
  type Tid,
  taskName,
} from "@depid/hash";
import type { Capture, CapturedTask } from "@depid/task-graph";
import { locksOf } from "./lock.ts";
import { type ConfigMatch, type Configs, matchConfigs, selectConfig } from "./match-configs.ts";

/** A task as it is in two captures; at least one side is there. */
export interface TaskPair {
  /** `[mc:NAME:]PN:TASK`, with the recipe file in brackets where several tasks of a capture have that name. */
  readonly name: string;
  readonly before: CapturedTask | undefined;
  readonly after: CapturedTask | undefined;
}

/** The tasks of two captures, matched by name. */
export interface Pairing {
  /** By code point of the name. */
  readonly pairs: ReadonlyMap<string, TaskPair>;
  /** The name of a task of the first capture, or of a dependency that it names and does not have. */
  readonly nameBefore: (tid: Tid) => string;
  /** The same of the second capture. */
  readonly nameAfter: (tid: Tid) => string;
  readonly configs: Configs;
  /** Whether a lock gives the task its depid on one side at least. */
  readonly isByLock: (pair: TaskPair) => boolean;
}

/**
 * Matches the tasks of two captures by name, as a recipe's file is called otherwise after an upgrade. Where several tasks of
 * a capture have one name, equal tids belong together, then those left over in the order of their tids. Configurations are matched as
 * `matchConfigs` does.
 *
 * @param wanted compares one configuration of the first capture with one of the second, and nothing else
 * @throws {ConfigNotFoundError}
 */
export function pairTasks(before: Capture, after: Capture, wanted?: ConfigMatch): Pairing {
  const configs = matchConfigs(before, after, wanted);
  const nameOld = namer(configs, configs.match?.before);
  const nameNew = namer(configs, configs.match?.after);
  const olds = groupByName(wanted === undefined ? before : selectConfig(before, wanted.before), nameOld);
  const news = groupByName(wanted === undefined ? after : selectConfig(after, wanted.after), nameNew);
  const names = [new Map<Tid, string>(), new Map<Tid, string>()] as const;
  const pairs: TaskPair[] = [];
  const add = (name: string, a: CapturedTask | undefined, b: CapturedTask | undefined) => {
    pairs.push({ name, before: a, after: b });
    if (a !== undefined) names[0].set(a.tid, name);
    if (b !== undefined) names[1].set(b.tid, name);
  };
  for (const name of new Set([...olds.keys(), ...news.keys()])) {
    const a = olds.get(name) ?? [];
    const b = news.get(name) ?? [];
    if (a.length < 2 && b.length < 2) add(name, a[0], b[0]);
    else for (const [old, young] of matchNamesakes(a, b)) add(nameWithFile(name, old ?? young), old, young);
  }
  pairs.sort((a, b) => byCodePoint(a.name, b.name));
  const lockBefore = locksOf(before.header, before.tasks);
  const lockAfter = locksOf(after.header, after.tasks);
  return {
    pairs: new Map(pairs.map((pair) => [pair.name, pair])),
    nameBefore: (tid) => names[0].get(tid) ?? nameOld(nameOfTid(tid)),
    nameAfter: (tid) => names[1].get(tid) ?? nameNew(nameOfTid(tid)),
    configs,
    isByLock: ({ before: a, after: b }) =>
      (a !== undefined && lockBefore(a) === "locked") || (b !== undefined && lockAfter(b) === "locked"),
  };
}

/** What a task is called that is known by its tid only: `[mc:NAME:]PN:TASK`, PN as the name of the recipe file tells it. */
export function nameOfTid(tid: Tid): string {
  const { config, recipeFile, task } = splitTid(tid);
  const [, variant, file = recipeFile] = /^virtual:([^:]*):(.*)$/s.exec(recipeFile) ?? [];
  const base = (file.split("/").at(-1) ?? file).replace(/(?:_.*)?\.bb$/, "");
  const pn = variant === undefined ? base : nameOfVariant(base, variant);
  return formatTaskName({ config, pn, task });
}

/** Gives names of one configuration the prefix of another. */
function namer({ name }: Configs, from: string | undefined): (name: string) => string {
  if (from === undefined || from === name) return (it) => it;
  const [old, young] = [configPrefix(from), configPrefix(name)];
  if (old !== "") return (it) => (it.startsWith(old) ? young + it.slice(old.length) : it);
  return (it) => (hasConfig(it) ? it : young + it);
}

function groupByName(capture: Capture, nameOf: (name: string) => string): Map<string, CapturedTask[]> {
  const groups = new Map<string, CapturedTask[]>();
  for (const task of [...capture.tasks].sort((a, b) => byCodePoint(a.tid, b.tid))) {
    const name = nameOf(taskName(task));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [task]);
    else group.push(task);
  }
  return groups;
}

function matchNamesakes(
  before: readonly CapturedTask[],
  after: readonly CapturedTask[],
): [CapturedTask | undefined, CapturedTask | undefined][] {
  const byTid = new Map(after.map((task) => [task.tid, task]));
  const equal = new Set(before.filter((task) => byTid.has(task.tid)).map((task) => task.tid));
  const olds = before.filter((task) => !equal.has(task.tid));
  const news = after.filter((task) => !equal.has(task.tid));
  const rest = Array.from({ length: Math.max(olds.length, news.length) }, (_, i) => [olds[i], news[i]] as const);
  return [
    ...before.filter((task) => equal.has(task.tid)).map((task) => [task, byTid.get(task.tid)] as const),
    ...rest,
  ].map(([a, b]) => [a, b]);
}

function nameWithFile(name: string, task: CapturedTask | undefined): string {
  return task === undefined ? name : `${name} [${splitTid(task.tid).recipeFile}]`;
}
