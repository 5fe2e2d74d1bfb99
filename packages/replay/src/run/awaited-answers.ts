import type { DepId, OutHash, TaskHash, Tid } from "@depid/hash";
import type { BuildPlan, TaskHashes } from "@depid/runqueue";
import {
  type DepIdQuery,
  type DepIdRequest,
  type DepIdSource,
  type SignatureGenerator,
  Signatures,
} from "@depid/siggen";
import type { PolicyServer } from "../policies/policy.ts";
import { asMade, type Content } from "../truth/content.ts";
import type { HeldContents } from "./held-contents.ts";
import type { ObjectCache } from "./object-cache.ts";
import { nameOfObject } from "./object-name.ts";
import { planToWait, tellsOutput } from "./open-tasks.ts";
import type { RunOptions, StepInputs } from "./run-options.ts";
import type { BuildServer } from "./told-server.ts";

/** What a builder knows that waits for answers. */
export interface AwaitingBuilder {
  readonly server: BuildServer;
  readonly policy: PolicyServer;
  readonly cache: ObjectCache<Content>;
  readonly held: HeldContents;
}

/** How the tasks of a build are signed in which each waits for the answers below it. */
export interface AwaitedSigning {
  /** By place in the plan: the taskhash with all answers below it, the depid as it is when the task begins. */
  readonly hashes: readonly TaskHashes[];
  /** By place in the plan: the depid once the task is answered, which those above begin with. */
  readonly answered: readonly DepId[];
  /** 1 for tasks that nobody has reported yet: what is above waits until they have run. */
  readonly open: Uint8Array;
  /** The plan, with a need for these whatever comes of it above. */
  readonly plan: BuildPlan;
}

/**
 * Signs a build from below: the content that each task will have in this build follows from those below it, as in the build itself, so that what it will report, and
 * be answered, is known before it has run. Nothing here looks at the truth.
 */
export class AwaitedAnswers implements DepIdSource {
  readonly #options: RunOptions;
  readonly #builder: AwaitingBuilder;
  /** What is asked for now will be answered so. */
  readonly #answers = new Map<TaskHash, DepId>();
  /** By slot: what tasks will have made. */
  readonly #contents: Content[] = [];

  constructor(options: RunOptions, builder: AwaitingBuilder) {
    this.#options = options;
    this.#builder = builder;
  }

  async getDepIds(queries: readonly DepIdQuery[]): Promise<readonly (DepId | undefined)[]> {
    return queries.map(({ taskhash }) => this.#answers.get(taskhash));
  }

  /** What a task below will have made in this build, or what was kept of it; `undefined` if it is not signed yet. */
  outputOf(tid: Tid): Content | undefined {
    const content = this.#contents[this.#options.contents.slotOf(tid)];
    return content && asMade(content);
  }

  /** @param generator which asks this for depids */
  async sign(generator: SignatureGenerator, { plan, taints, extra, runs }: StepInputs): Promise<AwaitedSigning> {
    const { graph, contents } = this.#options;
    const { server, policy } = this.#builder;
    const { knowledge } = server;
    const slots = contents.slotsOf(plan.tids);
    const open = new Uint8Array(plan.size);
    const signatures = new Signatures(graph, {
      ...generator,
      depids: (tasks) => {
        const depIdBelow = signatures.inOrderOf(plan.tids);
        for (const request of tasks) {
          const { task, taskhash, askable } = request;
          const place = plan.indices.get(task.tid) as number;
          const slot = slots[place] as number;
          const known = askable ? server.lookUp(taskhash) : undefined;
          const content = this.#foresee(slot, known === undefined ? undefined : nameOfObject(task, known), runs);
          this.#contents[slot] = content;
          if (known !== undefined) this.#answers.set(taskhash, known);
          if (known !== undefined || !askable || !tellsOutput(policy.reporter, task)) continue;
          open[place] = 1;
          const names = contents.namesItself(task) ? { names: taskhash as string as DepId } : {};
          const lines = extra?.of(place, (other) => depIdBelow(other).depid) ?? "";
          const outhash: OutHash = policy.reporter.outHashOf(task, asMade(content), { extra: lines, ...names });
          this.#answers.set(taskhash, knowledge.depIdAfter(request as DepIdRequest, outhash));
        }
        return generator.depids(tasks);
      },
    });
    await signatures.update(graph.tids, { setscene: plan.setsceneTids, taints });
    const signatureOf = signatures.inOrderOf(plan.tids);
    const answered = plan.tids.map((_, place) => signatureOf(place).depid);
    const hashes = answered.map((depid, place): TaskHashes => {
      const { taskhash } = signatureOf(place);
      return { taskhash, depid: open[place] === 1 ? (taskhash as string as DepId) : depid };
    });
    return { hashes, answered, open, plan: planToWait(plan, graph, (place) => open[place] === 1) };
  }

  /** What a task will have made. @param object name of the one that it would be restored from */
  #foresee(slot: number, object: string | undefined, runs: StepInputs["runs"]): Content {
    const { contents, objects } = this.#options;
    const kept = object === undefined ? undefined : this.#builder.cache.get(objects.of(object));
    return kept ?? contents.madeIn(slot, (below) => this.#contents[below], runs);
  }
}
