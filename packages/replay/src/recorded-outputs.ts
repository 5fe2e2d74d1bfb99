import { type DepId, depIdOf, sha256Hex, type TaskHash, type Tid } from "@depid/hash";
import { compileBuild } from "@depid/runqueue";
import { createBasicHash, type SignatureGenerator, Signatures } from "@depid/siggen";
import type { TaskGraph } from "@depid/task-graph";
import type { KnownOutput, OutputSource } from "./outcome-model.ts";
import { OutHashExtra } from "./outhash-extra.ts";

/** A row of what a server was told: an output of a taskhash. */
export interface RecordedReport {
  readonly taskhash: string;
  readonly outhash: string;
}

/** A row of what a server answers. */
export interface RecordedEquivalence {
  readonly taskhash: string;
  readonly depid: string;
}

/** What a recording of outputs holds. */
export interface OutputRecording {
  readonly reports: Iterable<RecordedReport>;
  readonly equivalences: Iterable<RecordedEquivalence>;
}

/**
 * Outputs as a hash equivalence server recorded them in builds of this history. In each step every task is hashed with the depids that
 * the recording has, which gives the taskhash it had in those builds; what was reported under it is its output. Outhashes of one
 * taskhash are one output, as the server takes them. A task whose taskhash the recording does not have, as it was restored or never
 * built, is not known; one whose taskhash is only known to have some depid has the output of that.
 */
export class RecordedOutputs implements OutputSource {
  readonly name: string;
  readonly #depids = new Map<TaskHash, DepId>();
  /** Of each depid, a taskhash that was reported: its own, if that was. */
  readonly #reportedAs = new Map<DepId, string>();
  readonly #classes = new Map<string, string>();
  readonly #withExtra: boolean;
  #signatures: Signatures | undefined;
  #extra:
    | { readonly extra: OutHashExtra; readonly indices: ReadonlyMap<Tid, number>; readonly tids: readonly Tid[] }
    | undefined;

  /**
   * @param name for reports
   * @param withExtra whether outhashes hold depids of sysroots below
   */
  constructor(name: string, { reports, equivalences }: OutputRecording, withExtra: boolean) {
    this.name = name;
    this.#withExtra = withExtra;
    for (const { taskhash, outhash } of reports) this.#join(`task ${taskhash}`, `output ${outhash}`);
    for (const { taskhash, depid } of equivalences) {
      this.#depids.set(taskhash as TaskHash, depid as DepId);
      const isFirst = taskhash === depid || !this.#reportedAs.has(depid as DepId);
      if (isFirst && this.#classes.has(`task ${taskhash}`)) this.#reportedAs.set(depid as DepId, taskhash);
    }
  }

  async follow(graph: TaskGraph, seeds: readonly Tid[]): Promise<void> {
    if (this.#signatures === undefined) {
      this.#signatures = new Signatures(graph, this.#generator());
      await this.#signatures.computeAll();
    } else await this.#signatures.update(seeds);
    if (!this.#withExtra) return;
    const plan = compileBuild(graph, { targets: [] });
    this.#extra = { extra: new OutHashExtra(plan), indices: plan.indices, tids: plan.tids };
  }

  outputOf(tid: Tid): KnownOutput | undefined {
    const signature = this.#signatures?.find(tid);
    if (signature === undefined || !signature.askable) return undefined;
    const { taskhash, depid } = signature;
    const known = this.#find(`task ${taskhash}`) ?? this.#find(`task ${this.#reportedAs.get(depid)}`);
    return known === undefined ? undefined : { output: known, extra: this.#extraOf(tid), taskhash };
  }

  #extraOf(tid: Tid): string {
    const index = this.#extra?.indices.get(tid);
    if (this.#extra === undefined || index === undefined) return "";
    const { extra, tids } = this.#extra;
    const lines = extra.of(index, (other) => this.#signatures?.get(tids[other] as Tid).depid as DepId);
    return lines === "" ? "" : sha256Hex(lines);
  }

  #generator(): SignatureGenerator {
    return {
      ...createBasicHash(),
      name: "recorded",
      stampHash: "depid",
      depids: (tasks) =>
        tasks.map(({ taskhash, askable }) => (askable ? this.#depids.get(taskhash) : undefined) ?? depIdOf(taskhash)),
    };
  }

  /** The representative of what is the same output; `undefined` for what the recording does not have. */
  #find(member: string): string | undefined {
    let at = this.#classes.get(member);
    if (at === undefined) return undefined;
    for (let next = this.#classes.get(at); next !== undefined && next !== at; next = this.#classes.get(at)) at = next;
    this.#classes.set(member, at);
    return at;
  }

  #join(a: string, b: string): void {
    const [one, other] = [a, b].map((member) => {
      const known = this.#find(member);
      if (known === undefined) this.#classes.set(member, member);
      return known ?? member;
    }) as [string, string];
    if (one !== other) this.#classes.set(other, one);
  }
}
