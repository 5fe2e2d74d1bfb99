import { type DepId, depIdOf, type OutHash, type TaskHash, type Tid } from "@depid/hash";
import { simulateBuild, type TaskHashes } from "@depid/runqueue";
import { type SignatureGenerator, Signatures } from "@depid/siggen";
import type { Task } from "@depid/task-graph";
import { type BuildOutcome, outcomeOfSimulated } from "../measure/build-outcome.ts";
import type { OutHashContext } from "../outhash.ts";
import type { Reporter } from "../policies/policy.ts";
import { SlotTable } from "../slot-table.ts";
import { asMade, type Content } from "../truth/content.ts";
import type { BuilderContents } from "../truth/truth.ts";
import type { BuildDirectory } from "./build-directory.ts";
import { BuiltPart } from "./built-part.ts";
import { runDirectly } from "./direct-run.ts";
import { HeldContents } from "./held-contents.ts";
import { ObjectCache, type ObjectSource } from "./object-cache.ts";
import { nameOfObject } from "./object-name.ts";
import { planToWait, tellsOutput } from "./open-tasks.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import type { ServerKnowledge } from "./server-knowledge.ts";
import { SignatureNotes } from "./signature-notes.ts";

/** What a build that reports began with, for building the same again. Good until the next build of its policy. */
export interface BuildStart {
  readonly directory: BuildDirectory;
  readonly cache: ObjectSource<Content>;
  readonly generator: SignatureGenerator;
  readonly reporter: Reporter;
  /** The server as it is now, and the taskhashes that it did not know then. */
  readonly knowledge: ServerKnowledge;
  readonly news: ReadonlySet<TaskHash>;
  /** Whether a report was answered with another depid than it had. */
  readonly isAnyNews: boolean;
  /** What the build directory holds now. */
  readonly held: HeldContents;
}

/**
 * Builds again what a policy built, from the same start, but so that each task waits until all depids below it are final: none is executed that a
 * later answer would have spared. As in `AwaitedAnswers`, tasks that nobody has reported run whether they are needed or not: without them there would be no answer to wait for.
 * Leaves no trace.
 */
export class PatientBuilds {
  readonly #options: RunOptions;
  #signatures: Signatures | undefined;
  /** Tasks whose rows or taints changed since they were signed. */
  readonly #changed = new Set<Tid>();
  readonly #outhashes = new OutHashMemo();
  readonly #part = new BuiltPart();
  readonly #notes: SignatureNotes;
  /** Of the last such build, by place in its plan. */
  readonly #hashes: TaskHashes[] = [];

  constructor(options: RunOptions) {
    this.#options = options;
    this.#notes = new SignatureNotes(options.objects);
  }

  /** A step begins. */
  begin({ seeds, taints }: StepInputs): void {
    for (const tid of seeds) this.#changed.add(tid);
    for (const tid of taints.keys()) this.#changed.add(tid);
  }

  /** @returns `undefined` if no answer was news: then the build itself was patient */
  async build(start: BuildStart, inputs: StepInputs): Promise<BuildOutcome | undefined> {
    if (!start.isAnyNews) return undefined;
    const options = this.#options;
    const { directory, generator, knowledge, news, reporter } = start;
    const { depValid } = inputs;
    const signatures = await this.#sign(start, inputs);
    const signatureOf = signatures.inOrderOf(inputs.plan.tids);
    const hashes = this.#hashes;
    const open = new Uint8Array(inputs.plan.size);
    for (let task = 0; task < open.length; task++) {
      const signature = signatureOf(task);
      const { taskhash, askable, task: row } = signature;
      const known = knowledge.knownBefore(signature, news);
      const depid = known ?? depIdOf(taskhash);
      open[task] = askable && known === undefined && tellsOutput(reporter, row) ? 1 : 0;
      const before = hashes[task];
      // What is the same is the same object: that much need not be looked at again.
      if (before?.taskhash !== taskhash || before.depid !== depid) hashes[task] = { taskhash, depid };
    }
    const plan = planToWait(inputs.plan, options.graph, (task) => open[task] === 1);
    const hashesOf = (task: number): TaskHashes => hashes[task] as TaskHashes;
    const { stampHash } = generator;
    const { numbering } = options;
    const sheet = options.builder === "fresh" ? undefined : directory.sheet(numbering);
    if (sheet !== undefined || options.builder === "fresh") {
      const cache = new ObjectCache(options.objects, options.contents.pool, start.cache);
      const reuse = { cache, held: new HeldContents(options.contents) };
      const notes = this.#notes;
      const waiting = { ...inputs, plan };
      const run = {
        inputs: waiting,
        options,
        hashesOf,
        stampHash,
        directory: sheet,
        numbering,
        notes,
        reuse,
        adopts: false,
      };
      const direct = runDirectly(run);
      if (direct !== undefined) return direct;
    }
    const simulated = await simulateBuild(plan, directory.builder, {
      hashesOf: (_tid, task) => hashesOf(task),
      stampHash,
      objectName: nameOfObject,
      store: new ObjectCache(options.objects, options.contents.pool, start.cache).asStore(),
      ...timingOf(options, plan),
      depValid,
    });
    return outcomeOfSimulated(simulated);
  }

  /** Signs with the depids that tasks have once the build is over and each has reported what a clean build makes. */
  async #sign(start: BuildStart, { plan, taints, extra, runs }: StepInputs): Promise<Signatures> {
    const { generator, reporter, knowledge } = start;
    const { graph, contents } = this.#options;
    const signatures = this.#signatures ?? new Signatures(graph, generator);
    const isAnew = this.#part.isOther(plan, graph) || this.#signatures === undefined;
    const changed = isAnew ? graph.tids : [...this.#changed];
    this.#signatures = signatures;
    this.#changed.clear();
    const slots = contents.slotsOf(plan.tids);
    signatures.goOnWith({
      ...generator,
      depids: (tasks) => {
        // All below are signed already.
        const depIdBelow = signatures.inOrderOf(plan.tids);
        return tasks.map((request) => {
          const { task, taskhash } = request;
          const index = plan.indices.get(task.tid) as number;
          const slot = slots[index] as number;
          const context = {
            extra: extra?.of(index, (other) => depIdBelow(other).depid) ?? "",
            ...(contents.namesItself(task) ? { names: depIdOf(taskhash) } : {}),
          };
          const content = runs === undefined ? contents.truthIn(slot) : asBuilt(contents, start.held, slot);
          const outhash = this.#outhashes.of(reporter, slot, task, content, context);
          return knowledge.depIdAfter(request, outhash);
        });
      },
    });
    await signatures.update(changed, { setscene: plan.setsceneTids, taints }, true);
    return signatures;
  }
}

/** The content of a clean build, of the run that the build itself had: it is not drawn again. */
function asBuilt(contents: BuilderContents, held: HeldContents, slot: number): Content {
  const { run } = held.get(slot);
  const truth = contents.truthIn(slot);
  return run === undefined ? truth : contents.pool.of({ ...truth, run });
}

/** Outhashes by what they are made of, which is mostly what it was in the last step. */
class OutHashMemo {
  /** By slot. */
  readonly #known = new SlotTable<KnownOutHash>();

  of(reporter: Reporter, slot: number, task: Task, content: Content, context: OutHashContext): OutHash {
    const known = this.#known.get(slot);
    const { extra, names } = context;
    if (known?.task === task && known.content === content && known.extra === extra && known.names === names)
      return known.outhash;
    const outhash = reporter.outHashOf(task, asMade(content), context);
    this.#known.set(slot, { task, content, extra, names, outhash });
    return outhash;
  }
}

interface KnownOutHash {
  readonly task: Task;
  readonly content: Content;
  readonly extra: string | undefined;
  readonly names: DepId | undefined;
  readonly outhash: OutHash;
}
