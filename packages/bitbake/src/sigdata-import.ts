import {
  byCodePoint,
  configPrefix,
  type DepId,
  formatTaskName,
  formatTid,
  isNostampTaint,
  splitTaskName,
  type TaskHash,
  type Tid,
} from "@depid/hash";
import { taskHashInput, taskHashOf } from "@depid/siggen";
import { assumeHardDependencies, type CapturedTask } from "@depid/task-graph";
import { assumeHashFn } from "./assumed-hashfn.ts";
import { BitbakeFileError } from "./file-error.ts";
import type { SigdataHash } from "./sigdata.ts";
import type { HashMismatch } from "./sigdata-check.ts";
import { type SigdataContent, SSTATE_POSTFUNC } from "./sigdata-content.ts";
import type { SigdataName } from "./sigdata-name.ts";
import type { TaskDepends } from "./task-depends.ts";

/** A signature file, with what its path tells. The one that counts comes first of those of its task. */
export interface NamedSigdata {
  readonly file: string;
  readonly name: SigdataName;
  readonly sigdata: SigdataContent;
  /** Name and configuration of the recipe, where they are known already. */
  readonly recipe?: RecipeOfFile;
}

/** What the files of a recipe tell together. */
export interface RecipeOfFile {
  readonly pn: string;
  /** "" is the default configuration. */
  readonly config: string;
}

/** Name and configuration of the recipe of each file, from all files of the recipe; in their order. */
export function recipesOf(files: readonly NamedSigdata[]): RecipeOfFile[] {
  const pn = files[0]?.name.pn ?? pnOfShared(files);
  const own = files.map((it) => configOf(it, pn));
  const configs = configsOf(files, own);
  return files.map((it, i) => ({ pn, config: own[i] ?? configs.get(it.name.place) ?? "" }));
}

/** What tasks are called in signature files: `[mc:NAME:]PN:TASK`. */
export function pnidOf({ pn, config }: RecipeOfFile, task: string): string {
  return formatTaskName({ config, pn, task });
}

/** What else is known of the build. */
export interface SigdataContext {
  /** `task-depends.dot` of the same build: recipe files, versions, exec dependencies, and which tasks there are. */
  readonly dot?: TaskDepends;
  /** `pn-buildlist` of the same build: recipe names, `[mc:NAME:]PN`, of all its tasks. */
  readonly recipes?: ReadonlySet<string>;
}

/** What an import came to. */
export interface SigdataCounts {
  readonly tasks: number;
  /** Tasks of which there is a sigbasedata file only: their taskhash is unknown. */
  readonly withoutTaskhash: number;
  /** Tasks that are no part of the build by `task-depends.dot` or `pn-buildlist`. */
  readonly leftOut: number;
  /** Files passed over as another of the same task counts. */
  readonly older: number;
  readonly mismatches: readonly HashMismatch[];
}

/** Turns signature files into tasks of a capture, all those of one recipe at a time. */
export class SigdataImporter {
  readonly #context: SigdataContext;
  readonly #seen = new Set<Tid>();
  readonly #mismatches: HashMismatch[] = [];
  /** `PN:TASK` of each tid that a file names. */
  readonly #names = new Map<Tid, string>();
  /** What each name in a file stands for: files name the same dependencies many times. */
  readonly #tids = new Map<string, Tid>();
  /** Of the last stamp: all tasks of a recipe have the same. */
  #hashFn = { key: "", value: "" };
  readonly #files = new Map<Tid, string>();
  #withoutTaskhash = 0;
  #leftOut = 0;
  #older = 0;

  constructor(context: SigdataContext = {}) {
    this.#context = context;
  }

  get counts(): SigdataCounts {
    return {
      tasks: this.#seen.size,
      withoutTaskhash: this.#withoutTaskhash,
      leftOut: this.#leftOut,
      older: this.#older,
      mismatches: this.#mismatches,
    };
  }

  /** The file of each task. */
  get files(): ReadonlyMap<Tid, string> {
    return this.#files;
  }

  /**
   * The tasks of one recipe. Where the content of a file gives other hashes than it states, the hashes are those of the content:
   * what a worker with other metadata wrote states the hashes of the server.
   *
   * @param files all of the recipe; of several files of one task the first counts
   * @throws {BitbakeFileError} when a file is of another task than its name says
   */
  addRecipe(files: readonly NamedSigdata[]): CapturedTask[] {
    const recipes = recipesOf(files);
    const tasks: TaskOfFile[] = [];
    for (const [i, it] of files.entries()) {
      const { file, name, sigdata } = it;
      if (sigdata.task !== name.task) {
        throw new BitbakeFileError(file, 0, `task: expected ${name.task}, as the file is named, found ${sigdata.task}`);
      }
      const recipe = it.recipe ?? (recipes[i] as RecipeOfFile);
      const task = this.#taskOf(it, recipe.pn, recipe.config);
      if (task === undefined) this.#leftOut += 1;
      else if (this.#seen.has(task.tid)) this.#older += 1;
      else {
        this.#seen.add(task.tid);
        this.#files.set(task.tid, file);
        for (const mismatch of sigdata.wrong)
          this.#mismatches.push({ file, task: pnidOf(recipe, name.task), ...mismatch });
        tasks.push(sigdata.wrong.length === 0 ? task : withOwnHashes(task, sigdata));
      }
    }
    const assumed = assumeHardDependencies(tasks, (tid) => this.#names.get(tid));
    for (const task of tasks) task.harddeps = assumed.get(task.tid) ?? task.harddeps;
    return tasks;
  }

  #taskOf({ name, sigdata }: NamedSigdata, pn: string, config: string): TaskOfFile | undefined {
    const { dot, recipes } = this.#context;
    const node = dot?.tasks.get(formatTaskName({ config, pn, task: name.task }));
    if (recipes?.has(`${configPrefix(config)}${pn}`) === false || (dot !== undefined && node === undefined))
      return undefined;
    if (sigdata.hashed === undefined) this.#withoutTaskhash += 1;
    const hashed = sigdata.hashed ?? hashedAlone(sigdata);
    const version = node?.version ?? name.version;
    const hashdeps = hashed.deps.map(({ pnid }) => this.#tidOf(pnid));
    return new TaskOfFile(sigdata, {
      tid: node?.tid ?? formatTid({ config, recipeFile: pn, task: name.task }),
      pn,
      task: name.task,
      version,
      basehash: sigdata.basehash,
      hashdeps,
      execdeps: node === undefined ? hashdeps : node.dependencies.map((it) => this.#tidOf(it)),
      files: hashed.files,
      taint: hashed.taint,
      setscene: sigdata.setscene,
      nostamp: isNostampTaint(hashed.taint),
      noexec: false,
      harddeps: [],
      stamp: name.stamp,
      stampExtra: "",
      hashfn: this.#hashFnOf(name, pn, version),
      taskhash: hashed.taskhash,
      depid: hashed.depid,
      hashedDepids: hashed.deps.map(({ depid }) => depid),
    });
  }

  #tidOf(pnid: string): Tid {
    const known = this.#tids.get(pnid);
    if (known !== undefined) return known;
    const tid = this.#context.dot?.tasks.get(pnid)?.tid ?? (pnid as Tid);
    const { pn = pnid, task = "" } = splitTaskName(pnid) ?? {};
    this.#names.set(tid, formatTaskName({ pn, task }));
    this.#tids.set(pnid, tid);
    return tid;
  }

  #hashFnOf(name: SigdataName, pn: string, version: string): string {
    if (name.objectSpec !== undefined) return assumeHashFn(name, pn, version);
    const key = `${name.stamp}\0${pn}\0${version}`;
    if (this.#hashFn.key !== key) this.#hashFn = { key, value: assumeHashFn(name, pn, version) };
    return this.#hashFn.value;
  }
}

/** All of a task but its variables. */
type Fields = Omit<CapturedTask, "variables">;

/** The task of a file. Its variables are made when they are asked for, as when it is copied (`{ ...task }`). */
class TaskOfFile implements CapturedTask {
  readonly tid;
  readonly pn;
  readonly task;
  readonly version;
  readonly basehash;
  readonly hashdeps;
  readonly execdeps;
  /** What the task needs to be restored, which the other tasks of the recipe tell. */
  harddeps;
  readonly files;
  readonly taint;
  readonly setscene;
  readonly nostamp;
  readonly noexec;
  readonly stamp;
  readonly stampExtra;
  readonly hashfn;
  readonly taskhash;
  readonly depid;
  readonly hashedDepids;
  declare readonly variables: SigdataContent["variables"];
  readonly #content: SigdataContent;

  constructor(content: SigdataContent, fields: Fields) {
    this.tid = fields.tid;
    this.pn = fields.pn;
    this.task = fields.task;
    this.version = fields.version;
    this.basehash = fields.basehash;
    this.hashdeps = fields.hashdeps;
    this.execdeps = fields.execdeps;
    this.harddeps = fields.harddeps;
    this.files = fields.files;
    this.taint = fields.taint;
    this.setscene = fields.setscene;
    this.nostamp = fields.nostamp;
    this.noexec = fields.noexec;
    this.stamp = fields.stamp;
    this.stampExtra = fields.stampExtra;
    this.hashfn = fields.hashfn;
    this.taskhash = fields.taskhash;
    this.depid = fields.depid;
    this.hashedDepids = fields.hashedDepids;
    this.#content = content;
    Object.defineProperty(this, "variables", TaskOfFile.#VARIABLES);
  }

  /** One for all tasks: with a getter of its own each of them would be a dictionary. */
  static readonly #VARIABLES = {
    enumerable: true,
    get(this: TaskOfFile): SigdataContent["variables"] {
      return this.#content.variables;
    },
  };
}

/** What a capture of signature files cannot know, and what is assumed in its place; a sentence each. */
export function sigdataLimits(
  context: SigdataContext,
  names: Iterable<SigdataName>,
): { unknown: string[]; assumed: string[] } {
  const kinds = new Set<string>();
  for (const { kind } of names) kinds.add(kind);
  const { dot } = context;
  const unknown = [
    ...(dot === undefined ? ["recipe files: recipe names stand in their place", "PE and PR"] : []),
    "stamp-extra-info, and which tasks are noexec",
    "hard dependencies that recipes or other layers add: USERADD_DEPENDS, do_x_setscene[depends]",
    "which variables a task names itself: those that no other variable of it names are given",
    ...(kinds.has("siginfo") ? ["stamp bases (STAMP) of tasks that are known from sstate objects"] : []),
    ...(kinds.has("sigbasedata")
      ? ["dependencies, files, taint and taskhash of tasks that have a sigbasedata file only"]
      : []),
  ];
  const assumed = [
    ...(dot === undefined ? ["exec dependencies: the hash dependencies"] : []),
    `setscene: tasks whose variables have ${SSTATE_POSTFUNC}`,
    "nostamp: tasks with a taint that begins with nostamp:",
    "noexec: none",
    "settings (SSTATE_EXCLUDEDEPS_SYSROOT, what outhashes hold beside the output): those of OE-Core",
    `hard dependencies: those of OE-Core's own classes and recipes${dot === undefined ? ", without those on base-passwd and shadow-sysroot, which enter no hash" : ""}`,
    "hashfn (BB_HASHFILENAME): as OE-Core makes it of architecture, recipe and version, with SSTATE_VERSION 14 and, where it is unknown, PR r0",
    ...(kinds.has("sigbasedata")
      ? ["taskhash of tasks that have a sigbasedata file only: that of the basehash alone"]
      : []),
  ];
  return { unknown, assumed };
}

/** The configuration of a file, if it hashes a task of its own recipe. */
function configOf({ sigdata }: NamedSigdata, pn: string): string | undefined {
  const recipe = `${pn}:`;
  for (const { pnid } of sigdata.hashed?.deps ?? []) {
    const named = pnid.includes(recipe) ? splitTaskName(pnid) : undefined;
    if (named?.pn === pn) return named.config;
  }
  return undefined;
}

/** By place, the configuration that most files say they are of. */
function configsOf(files: readonly NamedSigdata[], own: readonly (string | undefined)[]): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const [i, file] of files.entries()) {
    const config = own[i];
    if (config === undefined) continue;
    const ofPlace = counts.get(file.name.place) ?? new Map<string, number>();
    counts.set(file.name.place, ofPlace.set(config, (ofPlace.get(config) ?? 0) + 1));
  }
  const most = (ofPlace: Map<string, number>) =>
    [...ofPlace].sort(([a, m], [b, n]) => n - m || byCodePoint(a, b))[0]?.[0] ?? "";
  return new Map([...counts].map(([place, ofPlace]) => [place, most(ofPlace)]));
}

/**
 * The name of a recipe whose stamps are not named by it: tasks of a recipe hash each other, and so one of them names the recipe and
 * the depid of another.
 */
function pnOfShared(files: readonly NamedSigdata[]): string {
  const known = new Set(files.map(({ name, sigdata }) => `${name.task} ${sigdata.hashed?.depid}`));
  for (const { sigdata } of files) {
    for (const { pnid, depid } of sigdata.hashed?.deps ?? []) {
      const named = splitTaskName(pnid);
      if (named !== undefined && known.has(`${named.task} ${depid}`)) return named.pn;
    }
  }
  return files[0]?.name.stamp.split("/").at(-1) ?? "";
}

/** The task with the hashes of what its file holds. */
function withOwnHashes(task: TaskOfFile, content: SigdataContent): TaskOfFile {
  const { ownBasehash: basehash } = content;
  const taskhash = taskHashOf(taskHashInput({ ...task, basehash }, task.hashedDepids));
  const depid = taskhash === task.taskhash ? task.depid : (taskhash as string as DepId);
  return new TaskOfFile(content, { ...task, basehash, taskhash, depid });
}

/** The hash of a task of which no more than the basehash is known. */
function hashedAlone({ basehash }: SigdataContent): SigdataHash {
  const taskhash: TaskHash = taskHashOf({
    tid: "" as Tid,
    basehash,
    hashdeps: [],
    depids: [],
    files: [],
    taint: undefined,
  });
  return { deps: [], files: [], taint: undefined, taskhash, depid: taskhash as string as DepId };
}
