import { join } from "node:path";
import type { DepId, Tid } from "@depid/hash";
import type { ReplayedBuild, TopologyBuilder } from "@depid/replay";
import { formatObjectName, parseHashFn } from "@depid/sstate";
import { packObject, unpackObject } from "@depid/sstate/fs";
import { digestOf, type ExecutedOutput, type ExecutedOutputs } from "./executed-outputs.ts";

/** What was done of builds in earnest. */
export interface ExecutionAccount {
  /** Commands that were run to know what clean builds make. */
  readonly clean: number;
  /** Commands that were run for tasks that builds executed. */
  readonly executed: number;
  /** sstate objects that were written, and that were unpacked. */
  readonly stored: number;
  readonly restored: number;
  /** Outputs in build directories that were held against what the replay says. */
  readonly compared: number;
  /** Where they are not as it says. */
  readonly differences: readonly ExecutionDifference[];
}

/** An output that is not what the replay says. */
export interface ExecutionDifference {
  readonly step: number;
  /** Its name; of a topology `NAME by BUILDER`. */
  readonly policy: string;
  /** `PN:TASK`. */
  readonly task: string;
  /** Whether the replay takes it for another output than a clean build makes. */
  readonly stale: boolean;
}

/**
 * Does builds of a replay in earnest, after each was simulated: runs the commands of tasks that it executed, in their order, writes what it stored into an sstate
 * directory, unpacks what it restored, and holds each output against what the replay says.
 */
export class ExecutedBuilds {
  readonly #outputs: ExecutedOutputs;
  readonly #folder: string;
  /** Build directories, by policy and builder. */
  readonly #held = new Map<string, Map<Tid, ExecutedOutput>>();
  /** sstate directories, by policy and cache. */
  readonly #sstate = new Map<string, string>();
  readonly #differences: ExecutionDifference[] = [];
  #executed = 0;
  #stored = 0;
  #restored = 0;
  #compared = 0;

  /** @param folder for sstate directories and what is unpacked of them */
  constructor(outputs: ExecutedOutputs, folder: string) {
    this.#outputs = outputs;
    this.#folder = folder;
  }

  get account(): ExecutionAccount {
    return {
      clean: this.#outputs.count,
      executed: this.#executed,
      stored: this.#stored,
      restored: this.#restored,
      compared: this.#compared,
      differences: this.#differences,
    };
  }

  /**
   * Does a build.
   *
   * @param build simulated step by step
   * @param builder whose it is
   * @throws {ExecutionError} when a command fails
   */
  async do(build: ReplayedBuild, { name, kind, sstate: cache }: TopologyBuilder): Promise<void> {
    const { step, policy, outcome } = build;
    const directory = `${policy.name} ${name}`;
    const isKept = kind === "persistent" && policy.rebuilder.reuses;
    const held = (isKept ? this.#held.get(directory) : undefined) ?? new Map<Tid, ExecutedOutput>();
    this.#held.set(directory, held);
    const sstate = this.#sstateOf(`${policy.name} ${cache}`);
    for (const event of outcome.simulated?.events ?? []) {
      // What a task needs has ended before it starts.
      if (event.type === "started" && event.variant === "setscene")
        held.set(event.tid, await this.#restore(build, event.tid, event.depid, sstate));
      else if (event.type === "started" && !event.noexec && !event.dry) {
        held.set(event.tid, await this.#outputs.run(step.step, event.tid, held));
        this.#executed++;
      } else if (event.type === "stored" && event.how === "new") {
        await packObject((held.get(event.tid) as ExecutedOutput).folder, join(sstate, event.object));
        this.#stored++;
      }
    }
    this.#compare(build, held);
  }

  async #restore({ step, plan }: ReplayedBuild, tid: Tid, depid: DepId, sstate: string): Promise<ExecutedOutput> {
    const row = plan.tasks[plan.indices.get(tid) as number];
    if (row === undefined) throw new Error(`no task ${tid}`);
    const hashFn = parseHashFn(row.hashfn);
    const object = formatObjectName({ hashFn, task: row.task, depid, nativeLsbString: "universal" });
    const folder = join(this.#folder, `restored-${this.#restored++}`);
    await unpackObject(join(sstate, object), folder);
    const name = this.#outputs.commandsIn(step.step).get(tid)?.name ?? tid;
    return { folder, digest: await digestOf(folder, name) };
  }

  #compare({ step, policy, builder, plan, fates, isStale }: ReplayedBuild, held: ReadonlyMap<Tid, ExecutedOutput>) {
    for (const [tid, { name }] of this.#outputs.commandsIn(step.step)) {
      const place = plan.indices.get(tid);
      const output = held.get(tid);
      if (place === undefined || output === undefined || !(fates.isExecuted(place) || fates.isReused(place))) continue;
      this.#compared++;
      const isOther = output.digest !== this.#outputs.outputOf(step.step, tid)?.digest;
      if (isOther === isStale(place)) continue;
      this.#differences.push({
        step: step.step,
        policy: builder === "" ? policy.name : `${policy.name} by ${builder}`,
        task: name,
        stale: !isOther,
      });
    }
  }

  #sstateOf(cache: string): string {
    const folder = this.#sstate.get(cache) ?? join(this.#folder, `sstate-${this.#sstate.size}`);
    this.#sstate.set(cache, folder);
    return folder;
  }
}
