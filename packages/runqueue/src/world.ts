import type { DepId, TaskHash } from "@depid/hash";
import type { DepIdCache, SignatureGenerator, TaskCache } from "@depid/siggen";
import type { SstateStore, StampVariant } from "@depid/sstate";
import type { Task } from "@depid/task-graph";
import type { BuildRules } from "./state/rules.ts";

/** What an sstate task reports when it has made its output, or what is declared of it. */
export interface OutputReport {
  readonly task: Task;
  readonly taskhash: TaskHash;
  /** The depid it has been known by so far. */
  readonly depid: DepId;
}

/** Where outputs are reported: the hash equivalence server, with what the outcome model says about the output. */
export interface OutputReporter {
  /** The depids answered, in the order of the reports, which is the order in which tasks finished. */
  report(reports: readonly OutputReport[]): readonly DepId[] | Promise<readonly DepId[]>;
}

/** Where an equivalence is declared which nobody has seen: `report-equiv` of the hash equivalence server. */
export interface EquivalenceDeclarer {
  /** The depids which the taskhashes have now, in the order given: those declared, unless there were others. */
  declare(rows: readonly OutputReport[]): readonly DepId[] | Promise<readonly DepId[]>;
}

/** A setscene task whose object is asked for. */
export interface AskedObject {
  readonly task: Task;
  readonly taskhash: TaskHash;
  readonly depid: DepId;
}

/** The hash validation function (BB_HASHCHECK_FUNCTION): for each task in the order asked, whether there is an object. */
export type ValidateObjects = (asked: readonly AskedObject[]) => readonly boolean[] | Promise<readonly boolean[]>;

/** The world around a build. */
export interface BuildWorld extends BuildRules {
  /** The sstate cache. Without one nothing is stored, and nothing restored unless `validate` says so. */
  readonly store?: SstateStore;
  /** Name of a task's object in the store. */
  readonly objectName?: (task: Task, depid: DepId) => string;
  /**
   * What a task that was executed made, for its object. Asked once per task, setscene or not, when it finishes. Default:
   * its depid.
   */
  readonly contentOf?: (task: Task) => string;
  /**
   * What was first stored under each name, ever; is added to. Without it, another output under an unchanged depid is noticed only while the
   * object of the first is still there.
   */
  readonly firstStored?: Map<string, string>;
  /**
   * Told when a real task starts that makes something, by its place in the plan.
   *
   * @param depIdOf depids of all tasks, as the queue has them at that moment (`BB_TASKDEPDATA`); to be asked at once
   */
  readonly onStart?: (task: number, depIdOf: (task: number) => DepId) => void;
  /** Told when a task was restored from the store: what its object holds, and the depid that it bears. */
  readonly onRestored?: (task: Task, content: string, depid: DepId) => void;
  /** Default: whether the store has an object of the task's name. */
  readonly validate?: ValidateObjects;
  /** Without one nothing is reported, as with Basic and BasicHash. */
  readonly reporter?: OutputReporter;
  /**
   * What is done with the answers. `log` (the RFC of 2018): nothing, objects and stamps bear the depid used at the start,
   * and all reports go out as one batch when the build ends. `adopt` (BitBake): each report goes out when its task
   * finishes, its object and stamp bear the answer. Default: log.
   */
  readonly answers?: "log" | "adopt";
  /**
   * Looks up depids when hashes change in mid-build, and computes taskhashes: with `adopt` and a generator, BitBake's rehash takes place. It is the one that
   * gave the hashes at the start.
   */
  readonly generator?: Pick<SignatureGenerator, "taskhash" | "depids">;
  /** The generator's memory: gets what is learnt in mid-build. What it holds at the end is kept in the builder. */
  readonly cache?: DepIdCache & Partial<Pick<TaskCache, "saved">>;
  /** Where remaps are declared. Without one, none is accepted. */
  readonly equivalences?: EquivalenceDeclarer;
  /** Milliseconds that a task takes, not negative; `place` is its place in the plan. Default: 1000. */
  readonly durationOf?: (task: Task, variant: StampVariant, place: number) => number;
  /** Whether a task that runs fails. Default: none does. */
  readonly fails?: (task: Task, variant: StampVariant) => boolean;
}
