import type { Tid } from "@depid/hash";
import type { BuildPlan } from "@depid/runqueue";
import { type SignatureGenerator, Signatures } from "@depid/siggen";
import type { TaskGraph } from "@depid/task-graph";
import type { ObjectNumbers } from "./object-numbers.ts";
import { SignatureNotes } from "./signature-notes.ts";

/** What of a step its signatures follow from, beside the graph. */
interface SignedStep {
  readonly plan: Pick<BuildPlan, "setsceneTids">;
  /** Of the build, whatever the policy. */
  readonly taints: ReadonlyMap<Tid, string>;
}

/**
 * Signatures that follow from the history alone: whatever builder asks, whatever was built before. Generators that hash alike share them, so that each
 * step is hashed once, and only what changed in it.
 */
export class SignatureBook {
  readonly #graph: TaskGraph;
  readonly #numbers: ObjectNumbers;
  readonly #pages: { readonly signatures: Signatures; readonly notes: SignatureNotes; step: SignedStep | undefined }[] =
    [];

  constructor(graph: TaskGraph, numbers: ObjectNumbers) {
    this.#graph = graph;
    this.#numbers = numbers;
  }

  /**
   * The signatures of the present step, and what is remembered with them.
   *
   * @param changed tasks that may have other hashes than in the last step
   */
  async of(
    generator: SignatureGenerator,
    inputs: SignedStep,
    changed: Iterable<Tid>,
  ): Promise<{ readonly signatures: Signatures; readonly notes: SignatureNotes }> {
    const page = this.#pageOf(generator);
    if (page.step === inputs) return page;
    const { taints, plan } = inputs;
    const build = { setscene: plan.setsceneTids, taints };
    if (page.step === undefined) await page.signatures.computeAll(build);
    else await page.signatures.update([...changed, ...taints.keys()], build);
    page.step = inputs;
    return page;
  }

  #pageOf(generator: SignatureGenerator) {
    const { taskhash, depids } = generator;
    const known = this.#pages.find(({ signatures: { generator: other } }) => {
      return other.taskhash === taskhash && other.depids === depids;
    });
    if (known !== undefined) return known;
    const notes = new SignatureNotes(this.#numbers);
    const page = { signatures: new Signatures(this.#graph, generator), notes, step: undefined };
    this.#pages.push(page);
    return page;
  }
}
