import { byCodePoint, splitTid, type TaskHash, type Tid } from "@depid/hash";
import type { TaskCache } from "@depid/siggen";
import { formatStampName, type StampVariant } from "@depid/sstate";
import type { Task } from "@depid/task-graph";

/** The stamps of one task and variant, of whatever hash: what BitBake removes together (runqueue.md section 5). */
export interface StampFile {
  /** The multiconfig in whose stamps directory it is; "" for the default one. */
  readonly config: string;
  /** Stamp base (STAMP), relative to the stamps directory. */
  readonly stamp: string;
  /** With `do_`, without `_setscene`. */
  readonly task: string;
  readonly variant: StampVariant;
  /** `stamp-extra-info`; "" if none. */
  readonly extra: string;
}

/** The stamps which are there of one `StampFile`. */
export interface StampSet extends StampFile {
  /** Hardly ever more than one. */
  readonly made: readonly StampTime[];
}

/** One stamp. */
export interface StampTime {
  /** Hash in the name; "" with Basic. */
  readonly hash: string;
  /** When it was made: whole seconds of virtual time. */
  readonly seconds: number;
}

/** A taint file. */
export interface Taint {
  readonly config: string;
  readonly stamp: string;
  readonly task: string;
  /** Its content: a UUID. */
  readonly taint: string;
}

/** What of a build directory outlives a build. Plain data: a build gives the next one and leaves this as it is. */
export interface BuilderState {
  /** When the next build begins: milliseconds of virtual time, so that later stamps are newer. */
  readonly clock: number;
  readonly stamps: ReadonlyMap<string, StampSet>;
  readonly taints: ReadonlyMap<string, Taint>;
  /** Manifests of installed sstate outputs, by `manifestKeyOf`. */
  readonly manifests: ReadonlySet<string>;
  /** What is remembered of the server's answers, by `<config>:<pn>:<task>`: `saved` of siggen's task cache. */
  readonly depids: TaskCache["saved"];
}

/**
 * Multiconfigs that use the TMPDIR of another one, and so its stamps, taints and manifests: each with that other one, "" for
 * the default one. Those not named have their own.
 */
export type SharedDirectories = ReadonlyMap<string, string>;

/** As much of a task as its stamps are named by. */
export type StampedRow = Pick<Task, "tid" | "task" | "stamp" | "stampExtra">;

/** A stamp by name. */
export interface NamedStamp {
  readonly config: string;
  /** Relative to the stamps directory of its configuration. */
  readonly name: string;
  readonly seconds: number;
}

/** An empty build directory. */
export function createBuilder(): BuilderState {
  return { clock: 1000, stamps: new Map(), taints: new Map(), manifests: new Set(), depids: new Map() };
}

/** The builder after its build directory was removed: no stamps, taints or manifests. Time goes on; depids are kept elsewhere. */
export function wipeBuilder({ clock, depids }: BuilderState): BuilderState {
  return { ...createBuilder(), clock, depids };
}

/** The builder after its memory of the server's answers was removed. */
export function forgetDepIds(builder: BuilderState): BuilderState {
  return { ...builder, depids: new Map() };
}

/** The builder without the stamps that `gone` says are lost. */
export function removeStamps(builder: BuilderState, gone: (file: StampFile) => boolean): BuilderState {
  return { ...builder, stamps: new Map([...builder.stamps].filter(([, set]) => !gone(set))) };
}

/** The builder after some time has passed. @param milliseconds not negative */
export function advanceClock(builder: BuilderState, milliseconds: number): BuilderState {
  return { ...builder, clock: builder.clock + milliseconds };
}

/** Identity of the stamps of a task and variant in `BuilderState.stamps`. */
export function stampKeyOf(file: StampFile): string {
  return [file.config, file.stamp, file.task, file.variant, file.extra].join("\t");
}

/** The stamps of a task in one variant. */
export function stampFileOf(task: StampedRow, variant: StampVariant, shared?: SharedDirectories): StampFile {
  const config = directoryOf(task, shared);
  return { config, stamp: task.stamp, task: task.task, variant, extra: task.stampExtra };
}

/** Identity of the manifest which the sstate class keeps of a task's installed output. */
export function manifestKeyOf(task: Task, shared?: SharedDirectories): string {
  return [directoryOf(task, shared), task.pn, task.task, task.stampExtra].join("\t");
}

/** Taints a task, as `bitbake -f` does, for good (runqueue.md section 10). @param taint a UUID, from outside */
export function addTaint(
  builder: BuilderState,
  task: Pick<Task, "tid" | "task" | "stamp">,
  taint: string,
  shared?: SharedDirectories,
): BuilderState {
  const entry = { config: directoryOf(task, shared), stamp: task.stamp, task: task.task, taint };
  return { ...builder, taints: new Map(builder.taints).set(taintKeyOf(entry), entry) };
}

/** Content of a task's taint file. */
export function findTaint(
  builder: BuilderState,
  task: Pick<Task, "tid" | "task" | "stamp">,
  shared?: SharedDirectories,
): string | undefined {
  const key = taintKeyOf({ config: directoryOf(task, shared), stamp: task.stamp, task: task.task });
  return builder.taints.get(key)?.taint;
}

/** Taints of these tasks, as `computeSignatures` of siggen takes them. */
export function findTaints(
  builder: BuilderState,
  tasks: Iterable<Task>,
  shared?: SharedDirectories,
): ReadonlyMap<Tid, string> {
  const found = new Map<Tid, string>();
  if (builder.taints.size === 0) return found;
  for (const task of tasks) {
    const taint = findTaint(builder, task, shared);
    if (taint !== undefined) found.set(task.tid, taint);
  }
  return found;
}

/** All stamps, by configuration and name. */
export function listStamps(builder: BuilderState): readonly NamedStamp[] {
  const named: NamedStamp[] = [];
  for (const set of builder.stamps.values()) {
    for (const { hash, seconds } of set.made) {
      named.push({ config: set.config, name: formatStampFile(set, hash), seconds });
    }
  }
  return named.sort((a, b) => byCodePoint(a.config, b.config) || byCodePoint(a.name, b.name));
}

/** Name of a stamp with this hash; "" for none. */
export function formatStampFile({ stamp, task, variant, extra }: StampFile, hash: string): string {
  const taskhash = hash as TaskHash;
  const carries = hash === "" ? "none" : "taskhash";
  return formatStampName({ stamp, task, extraInfo: extra }, carries, { taskhash, depid: hash as never }, variant);
}

/** Identity of a taint in `BuilderState.taints`. */
export function taintKeyOf({ config, stamp, task }: Omit<Taint, "taint">): string {
  return [config, stamp, task].join("\t");
}

/** The configuration in whose directory a task's stamps are. */
function directoryOf({ tid }: Pick<Task, "tid">, shared: SharedDirectories | undefined): string {
  const { config } = splitTid(tid);
  return shared?.get(config) ?? config;
}
