import { type DepId, depIdOf, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { type BuildPlan, compileBuild } from "@depid/runqueue";
import { createBasicHash, type SignatureGenerator, Signatures } from "@depid/siggen";
import { assumedSettings, type OutHashExtra as OutHashExtraKind, type TaskGraph } from "@depid/task-graph";
import { OutHashExtra } from "../outhash-extra.ts";
import type { FollowedStep, KnownOutput, OutputSource } from "./outcome-model.ts";
import type { OutputRecords } from "./output-records.ts";

/**
 * Outputs as a hash equivalence server recorded them in builds of this history. In each step every task is hashed with the depids that
 * the records have, which gives the taskhash it had in those builds; what was reported under it is its output. A task whose taskhash nobody
 * reported, as it was restored or never built, is not known; that a depid was declared for it does not say what came out of it.
 */
export class RecordedOutputs implements OutputSource {
  readonly name: string;
  readonly #records: OutputRecords;
  readonly #given: OutHashExtraKind | undefined;
  #kind: OutHashExtraKind = assumedSettings.outhashExtra;
  #signatures: Signatures | undefined;
  #outputs = new Map<TaskHash, string>();
  #graph: TaskGraph | undefined;
  #extra:
    | { readonly extra: OutHashExtra; readonly indices: BuildPlan["indices"]; readonly tids: readonly Tid[] }
    | undefined;

  /**
   * @param name for reports
   * @param extra what outhashes hold beside outputs. Default: what the history says; OE-Core's if it says nothing
   */
  constructor(name: string, records: OutputRecords, extra?: OutHashExtraKind) {
    this.name = name;
    this.#records = records;
    this.#given = extra;
  }

  get notes(): readonly string[] {
    return this.#records.notes;
  }

  async follow(graph: TaskGraph, seeds: readonly Tid[], { settings }: FollowedStep): Promise<void> {
    this.#kind = this.#given ?? settings?.outhashExtra ?? this.#kind;
    this.#graph = graph;
    this.#extra = undefined;
    let changed: readonly (TaskHash | undefined)[];
    if (this.#signatures === undefined) {
      const signatures = new Signatures(graph, this.#generator());
      await signatures.computeAll();
      this.#signatures = signatures;
      changed = graph.tids.map((tid) => askedFor(signatures.find(tid)));
    } else {
      const changes = await this.#signatures.update(seeds);
      changed = changes.map(({ after }) => askedFor(after));
    }
    const taskhashes = [...new Set(changed.filter((taskhash) => taskhash !== undefined))];
    const outputs = await this.#records.outputsOf(taskhashes);
    taskhashes.forEach((taskhash, i) => {
      const output = outputs[i];
      if (output !== undefined) this.#outputs.set(taskhash, output);
    });
  }

  outputOf(tid: Tid): KnownOutput | undefined {
    const taskhash = askedFor(this.#signatures?.find(tid));
    const output = taskhash === undefined ? undefined : this.#outputs.get(taskhash);
    if (taskhash === undefined || output === undefined) return undefined;
    return { output, extra: this.#extraOf(tid), taskhash };
  }

  #extraOf(tid: Tid): string {
    if (this.#kind !== "oe-core" || this.#graph === undefined) return "";
    if (this.#extra === undefined) {
      const plan = compileBuild(this.#graph, { targets: [] });
      this.#extra = { extra: new OutHashExtra(plan), indices: plan.indices, tids: plan.tids };
    }
    const { extra, indices, tids } = this.#extra;
    const index = indices.get(tid);
    if (index === undefined) return "";
    const lines = extra.of(index, (other) => this.#signatures?.get(tids[other] as Tid).depid as DepId);
    return lines === "" ? "" : sha256Hex(lines);
  }

  #generator(): SignatureGenerator {
    return {
      ...createBasicHash(),
      name: "recorded",
      stampHash: "depid",
      depids: async (tasks) => {
        const asked = tasks.filter(({ askable }) => askable).map(({ taskhash }) => taskhash);
        const answers = await this.#records.depidsOf(asked);
        const depids = new Map(asked.map((taskhash, i) => [taskhash, answers[i]]));
        return tasks.map(({ taskhash, askable }) => (askable ? depids.get(taskhash) : undefined) ?? depIdOf(taskhash));
      },
    };
  }
}

/** The taskhash by which a server may know a task. */
function askedFor(
  signature: { readonly askable: boolean; readonly taskhash: TaskHash } | undefined,
): TaskHash | undefined {
  return signature?.askable === true ? signature.taskhash : undefined;
}
