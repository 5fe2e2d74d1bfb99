import type { DepId, TaskHash, Tid } from "@depid/hash";
import {
  type EarlierDepIds,
  type PreparedBuild,
  prepareBuild,
  type SimulatedBuild,
  signedBy,
  simulateBuild,
  type TaskHashes,
  wallTimeOfWaiting,
} from "@depid/runqueue";
import { createTaskCache, type DepIdCache, type SignatureGenerator, Signatures, type TaskCache } from "@depid/siggen";
import type { Task } from "@depid/task-graph";
import { type BuildOutcome, outcomeOfSimulated } from "../measure/build-outcome.ts";
import type { Traffic } from "../measure/traffic.ts";
import type { Policy, PolicyServer } from "../policies/policy.ts";
import type { Content } from "../truth/content.ts";
import { AwaitedAnswers } from "./awaited-answers.ts";
import { BuildDirectory } from "./build-directory.ts";
import { BuiltPart } from "./built-part.ts";
import { DirectAttempts } from "./direct-attempts.ts";
import { runDirectly } from "./direct-run.ts";
import { HeldContents } from "./held-contents.ts";
import { KnownDepIds } from "./known-depids.ts";
import { cacheWithout, ObjectCache } from "./object-cache.ts";
import { nameOfObject } from "./object-name.ts";
import type { BuildStart } from "./patient-build.ts";
import { createPolicyServer } from "./policy-server.ts";
import { Reports } from "./reports.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import { SignatureNotes } from "./signature-notes.ts";
import type { BuildServer, ServerTraffic } from "./told-server.ts";

/** A build of a policy that is done. */
export interface PolicyBuild {
  readonly outcome: BuildOutcome;
  /** Whether the build directory holds something else of a task than a clean build has, by place in the plan. To be asked before the next build. */
  readonly isStale: (task: number) => boolean;
  /** The hashes that it began with, by place in the plan. To be asked before the next build. */
  readonly hashesOf: (task: number) => TaskHashes;
  /** What it began with, for building the same again, patiently; absent where nobody reports. */
  readonly start?: BuildStart;
  readonly traffic: Traffic;
}

/** One policy on its way through a history: its builder, its sstate cache, its name space on the server. */
export class PolicyRun {
  readonly policy: Policy;
  readonly #options: RunOptions;
  readonly #cache: ObjectCache<Content>;
  readonly #server: BuildServer;
  #directory = new BuildDirectory();
  #held: HeldContents;
  #memory: DepIdCache | undefined;
  #generator: SignatureGenerator | undefined;
  /** Where they follow from answers. */
  #signatures: Signatures | undefined;
  /** Tasks whose taskhash the server did not know when they were signed, and does since. */
  #answered: readonly Tid[] = [];
  readonly #part = new BuiltPart();
  readonly #notes: SignatureNotes;
  readonly #attempts = new DirectAttempts();
  /** What tasks had in builds of this name space. */
  readonly #depIds: KnownDepIds;

  constructor(
    policy: Policy,
    options: RunOptions,
    cache = new ObjectCache(options.objects, options.contents.pool),
    server: BuildServer = createPolicyServer(policy, options.service, options.method),
    depIds: EarlierDepIds = new Set(),
  ) {
    this.policy = policy;
    this.#options = options;
    this.#cache = cache;
    this.#server = server;
    this.#depIds = new KnownDepIds(depIds);
    this.#held = new HeldContents(options.contents);
    this.#notes = new SignatureNotes(options.objects);
  }

  /** Another run that goes on from here: what it does leaves no trace in this one, nor on the server. */
  fork(options: Partial<Pick<RunOptions, "seconds" | "stepwise">> = {}): PolicyRun {
    const forked = new PolicyRun(
      this.policy,
      { ...this.#options, ...options },
      this.#cache.over(),
      this.#server.fork(),
      this.#depIds.over(),
    );
    forked.#directory = this.#directory;
    forked.#held = this.#held.copy();
    if (this.#isSharing) forked.#generator = this.#generator;
    const memory = this.#memory;
    if (memory !== undefined && "saved" in memory) forked.#memory = createTaskCache((memory as TaskCache).saved);
    return forked;
  }

  /** Builds the present state of the graph: directly, or step by step where the running build changes its mind. */
  async build(inputs: StepInputs): Promise<PolicyBuild> {
    const { rebuilder, server } = this.policy;
    if (!this.#keeps) this.#beginAnew();
    const { plan } = inputs;
    const before = this.#directory;
    const awaited = server?.adoption === "awaited" ? await this.#await(inputs, server) : undefined;
    const signed = awaited?.signed ?? (await this.#sign(inputs));
    const going = awaited?.inputs ?? inputs;
    const signing = this.#server.takeTraffic();
    const added = new Set<number>();
    const onNew = (number: number): unknown => added.add(number);
    const built = this.#buildDirectly(going, signed, onNew) ?? (await this.#simulate(going, signed, onNew));
    if (rebuilder.digests === true) this.#depIds.addAll(plan.size, signed.hashesOf);
    const traffic = { ...this.#trafficOf(plan, signing), objects: added.size };
    await this.#server.confirm();
    this.#answered = findAnswered(plan, signed.hashesOf, built.reports?.news);
    const held = this.#held;
    const slots = this.#options.contents.slotsOf(plan.tids);
    const isStale = (task: number): boolean => held.isStale(slots[task] as number);
    const { outcome, reports } = built;
    const { hashesOf } = signed;
    if (awaited !== undefined) return { outcome: awaited.timed(outcome), isStale, hashesOf, traffic };
    if (reports === undefined || server === undefined) return { outcome, isStale, hashesOf, traffic };
    const start: BuildStart = {
      directory: before,
      cache: cacheWithout(this.#cache, added),
      generator: signed.generator,
      reporter: server.reporter,
      knowledge: this.#server.knowledge,
      news: reports.news,
      isAnyNews: reports.isAnyNews,
      held,
    };
    return { outcome, isStale, hashesOf, start, traffic };
  }

  /** @returns `undefined` where the build is none that goes directly; then all is as before */
  #buildDirectly(inputs: StepInputs, signed: SignedBuild, onNew: (number: number) => void): Built | undefined {
    const { rebuilder } = this.policy;
    const { numbering } = this.#options;
    const adopts = signed.prepared.answers === "adopt";
    if (adopts && !this.#attempts.isDue()) return undefined;
    const directory = this.#keeps ? this.#directory.sheet(numbering) : undefined;
    if (this.#keeps && directory === undefined) return undefined;
    // What may have to be given up is done on copies.
    const held = adopts ? this.#held.copy() : this.#held;
    const server = adopts ? this.#server.attempt() : this.#server;
    const reports = this.#reportsOf(inputs, server, held, signed);
    const outcome = runDirectly(
      {
        inputs,
        options: this.#options,
        hashesOf: signed.hashesOf,
        stampHash: signed.generator.stampHash,
        directory,
        numbering,
        notes: signed.notes,
        ...(rebuilder.reuses ? { reuse: { cache: this.#cache, held } } : {}),
        reports,
        adopts,
      },
      onNew,
    );
    if (adopts) this.#attempts.note(outcome !== undefined);
    if (outcome === undefined) return undefined;
    if ("keep" in server) server.keep();
    this.#held = held;
    if (this.#keeps) this.#directory = new BuildDirectory(directory);
    return { outcome, reports };
  }

  async #simulate(inputs: StepInputs, signed: SignedBuild, onNew: (number: number) => void): Promise<Built> {
    const { rebuilder } = this.policy;
    const { plan, depValid } = inputs;
    const { prepared, generator } = signed;
    const held = this.#held;
    const ports = held.ports(inputs.runs);
    const reports = this.#reportsOf(inputs, this.#server, held, signed);
    const isAdopting = prepared.answers === "adopt";
    if (isAdopting) {
      await signed.fillMemory();
      this.#server.takeTraffic(); // A new builder has asked for all of these when it signed.
    }
    const build: SimulatedBuild = await simulateBuild(plan, this.#directory.builder, {
      ...prepared,
      ...(isAdopting && reports !== undefined ? { generator, equivalences: reports.equivalences } : {}),
      ...(isAdopting && rebuilder.digests === true ? { earlierDepIds: this.#depIds } : {}),
      ...timingOf(this.#options, plan),
      depValid,
      ...(rebuilder.reuses
        ? {
            store: this.#cache.asStore(onNew),
            objectName: nameOfObject,
            ...ports,
            onRestored: (task, content, depid) => {
              this.#cache.use(this.#options.objects.of(nameOfObject(task, depid)));
              ports.onRestored(task, content, depid);
            },
          }
        : {}),
      ...reports?.ports,
    });
    if (this.#keeps) this.#directory = new BuildDirectory(build);
    return { outcome: outcomeOfSimulated(build), reports };
  }

  #reportsOf(
    { plan, extra }: StepInputs,
    server: ConstructorParameters<typeof Reports>[0]["server"],
    held: HeldContents,
    { answeredOf }: SignedBuild,
  ): Reports | undefined {
    const reporter = this.policy.server?.reporter;
    if (reporter === undefined) return undefined;
    return new Reports({ server, reporter, contents: this.#options.contents, held, plan, extra, answeredOf });
  }

  /** Whether the next build goes on in the same build directory. */
  get #keeps(): boolean {
    return this.#options.builder === "persistent" && this.policy.rebuilder.reuses;
  }

  #beginAnew(): void {
    this.#directory = new BuildDirectory();
    this.#held = new HeldContents(this.#options.contents);
    this.#memory = undefined;
    if (!this.#isSharing) this.#generator = undefined;
  }

  /** How the tasks of a build are signed, and by what. */
  async #sign(inputs: StepInputs): Promise<SignedBuild> {
    const { rebuilder, server } = this.policy;
    const { book } = this.#options;
    const { plan, seeds, taints, truths } = inputs;
    const memory = this.#memory ?? rebuilder.createMemory();
    const isNew = this.#generator === undefined;
    const generator = this.#generator ?? this.#createGenerator(memory);
    this.#memory = memory;
    this.#generator = generator;
    if (this.#isSharing) {
      const changed = rebuilder.follows === "truth" ? [...seeds, ...truths] : seeds;
      const { signatures, notes } = await book.of(generator, inputs, changed);
      return signedBuild(plan, generator, notes, signedBy(plan, signatures, generator.stampHash));
    }
    const known = rebuilder.follows === "answers" ? this.#signatures : undefined;
    known?.goOnWith(generator);
    const signatures = known ?? new Signatures(this.#options.graph, generator);
    this.#signatures = signatures;
    const adopts = server?.adoption === "at once";
    // A builder that remembers nothing hears what the server knows: that is other than it was where the server was told since.
    const isAnew = !this.#keeps;
    const answered = isAnew ? [...seeds, ...this.#answered] : seeds;
    const changed = this.#part.isOther(plan, this.#options.graph) ? this.#options.graph.tids : answered;
    const asksAgain = this.#options.sharesServer === true || (!isAnew && (isNew || adopts));
    const prepared = await prepareBuild(
      plan,
      { signatures, taints, ...(known && { changed, asksAgain }) },
      adopts ? { cache: memory } : undefined,
    );
    const fillMemory = async () => {
      if (isAnew && known !== undefined) await signatures.update([], { setscene: plan.setsceneTids, taints }, true);
    };
    return { ...signedBuild(plan, generator, this.#notes, prepared), fillMemory };
  }

  /** The same where each task waits for the answers below it. */
  async #await(inputs: StepInputs, policy: PolicyServer) {
    const builder = { server: this.#server, policy, cache: this.#cache, held: this.#held };
    const answers = new AwaitedAnswers(this.#options, builder);
    const generator = this.#createGenerator(this.policy.rebuilder.createMemory(), answers);
    const { hashes, answered, open, plan } = await answers.sign(generator, inputs);
    const prepared: PreparedBuild = {
      hashesOf: (_tid, task) => hashes[task] as TaskHashes,
      stampHash: generator.stampHash,
    };
    const { workers, durationOf } = timingOf(this.#options, plan);
    const world = {
      workers,
      ...(durationOf === undefined
        ? {}
        : {
            durationOf: (task: number, variant: "real" | "setscene") =>
              durationOf(plan.tasks[task] as Task, variant, task),
          }),
    };
    return {
      signed: {
        ...signedBuild(plan, generator, this.#notes, prepared),
        answeredOf: (task: number) => answered[task] as DepId,
      },
      inputs: { ...inputs, plan },
      /** What came of it, with the time that it takes to wait. */
      timed: (outcome: BuildOutcome): BuildOutcome =>
        open.includes(1) ? { ...outcome, wallTime: wallTimeOfWaiting(plan, outcome, open, world) } : outcome,
    };
  }

  /**
   * What the builder asks and tells. A new one asks for all that can be restored; here it hears again only what may have changed.
   *
   * @param signing what was asked to sign the tasks
   */
  #trafficOf(plan: StepInputs["plan"], signing: ServerTraffic): ServerTraffic {
    const running = this.#server.takeTraffic();
    const { server } = this.policy;
    const remembers = this.#keeps && server?.adoption !== "awaited";
    const asked =
      remembers || server === undefined || !this.#server.isReached ? signing : allLookups(plan, this.#options.graph);
    return {
      lookups: asked.lookups + running.lookups,
      batches: asked.batches + running.batches,
      reports: signing.reports + running.reports,
    };
  }

  /** Whether hashes have nothing to do with the builder. */
  get #isSharing(): boolean {
    const { follows } = this.policy.rebuilder;
    return follows === "capture" || follows === "truth";
  }

  #createGenerator(memory: DepIdCache, awaited?: AwaitedAnswers): SignatureGenerator {
    const { contents, graph, method } = this.#options;
    const find = (tid: Tid) => graph.find(tid);
    const truthOf = (tid: Tid) => contents.truthOf(tid);
    const outputOf = (tid: Tid) => awaited?.outputOf(tid);
    const service = awaited ?? this.#server;
    return this.policy.rebuilder.createGenerator({ service, method, memory, find, outputOf, truthOf });
  }
}

/** How a build is signed. */
interface SignedBuild {
  readonly generator: SignatureGenerator;
  readonly notes: SignatureNotes;
  readonly prepared: PreparedBuild;
  /** By place in the plan. */
  readonly hashesOf: (task: number) => TaskHashes;
  /** Of a build in which tasks wait for answers: their depids once they are answered. */
  readonly answeredOf?: (task: number) => DepId;
  /** Has the builder remember what the server answers for each task, as one does that has asked for all of them. */
  readonly fillMemory: () => Promise<void>;
}

interface Built {
  readonly outcome: BuildOutcome;
  readonly reports: Reports | undefined;
}

function signedBuild(
  { tids }: StepInputs["plan"],
  generator: SignatureGenerator,
  notes: SignatureNotes,
  prepared: PreparedBuild,
): SignedBuild {
  const { hashesOf } = prepared;
  return {
    generator,
    notes,
    prepared,
    hashesOf: (task) => hashesOf(tids[task] as Tid, task),
    fillMemory: async () => {},
  };
}

/** What a builder asks that remembers nothing. */
function allLookups({ tids, setscene, setsceneCount }: StepInputs["plan"], { hashPlan }: RunOptions["graph"]) {
  const generations = new Set<number>();
  let lookups = 0;
  for (let task = 0; task < tids.length; task++) {
    if (setsceneCount > 0 && setscene[task] !== 1) continue;
    lookups++;
    generations.add(hashPlan.generation[hashPlan.slots.get(tids[task] as Tid) as number] as number);
  }
  return { lookups, batches: generations.size };
}

/** @param news taskhashes that the server knows since */
function findAnswered(
  { size, tids }: StepInputs["plan"],
  hashesOf: SignedBuild["hashesOf"],
  news: ReadonlySet<TaskHash> = new Set(),
): Tid[] {
  const answered: Tid[] = [];
  if (news.size === 0) return answered;
  for (let task = 0; task < size; task++) if (news.has(hashesOf(task).taskhash)) answered.push(tids[task] as Tid);
  return answered;
}
