import { type DepId, depIdOf, type Tid } from "@depid/hash";
import {
  type BuilderState,
  type BuildPlan,
  type BuildWorld,
  createBuilder,
  type DepValid,
  type OutputReport,
  type SimulatedBuild,
  simulateBuild,
} from "@depid/runqueue";
import {
  computeSignatures,
  createTaskCache,
  type DepIdCache,
  type SignatureGenerator,
  Signatures,
  type TaskCache,
} from "@depid/siggen";
import { createMemoryStore, formatObjectName, type HashFn, parseHashFn, type SstateStore } from "@depid/sstate";
import type { Task, TaskGraph } from "@depid/task-graph";
import { type Content, formatContent, parseContent, type TaskKey } from "./content.ts";
import type { EquivalenceService } from "./equivalence-service.ts";
import type { SecondsOf } from "./measure.ts";
import { outHashOf } from "./outhash.ts";
import type { OutHashExtra } from "./outhash-extra.ts";
import type { Policy } from "./policy.ts";
import { ServerKnowledge } from "./server-knowledge.ts";
import { createJournal, type StoreJournal } from "./store-journal.ts";
import { overlayServer, overlayStore } from "./trial.ts";
import type { Contents } from "./truth.ts";

/** Whether each step is built in an empty build directory, or all in one. sstate and server are kept either way. */
export type BuilderKind = "fresh" | "persistent";

/** What all policies of a replay share. */
export interface PolicyRunOptions {
  readonly graph: TaskGraph;
  readonly contents: Contents;
  readonly service: EquivalenceService;
  /** Name space of the policy on the server. */
  readonly method: string;
  readonly builder: BuilderKind;
  readonly workers: number;
  /** Whether the output of a task names the depid that it had when it started. */
  readonly namesItself: (task: Task) => boolean;
  /** Default: each task takes a second. */
  readonly secondsOf?: SecondsOf;
}

/** One build to be done. */
export interface StepInputs {
  readonly plan: BuildPlan;
  /** Tasks whose rows changed since the last build, removed ones included. */
  readonly seeds: readonly Tid[];
  /** Taints of the nostamp tasks in this build. */
  readonly taints: ReadonlyMap<Tid, string>;
  readonly depValid: DepValid;
  /** What outhashes hold beside the output; `undefined`: nothing. */
  readonly extra: OutHashExtra | undefined;
}

/** One policy on its way through a history: its builder, its sstate cache, its name space on the server. */
export class PolicyRun {
  readonly policy: Policy;
  readonly #options: PolicyRunOptions;
  readonly #store: StoreJournal;
  readonly #sstate: Pick<BuildWorld, "store" | "objectName" | "contentOf" | "onRestored">;
  readonly #server = new ServerKnowledge();
  #builder: BuilderState = createBuilder();
  #before: BuilderState = this.#builder;
  #cache: DepIdCache | undefined;
  #signatures: Signatures | undefined;
  /** What the build directory holds of each task. */
  #held = new Map<TaskKey, Content>();
  /** What the outhashes of tasks hold beside their outputs, as they started. */
  readonly #extras = new Map<Tid, string>();

  constructor(policy: Policy, options: PolicyRunOptions, store: SstateStore = createMemoryStore()) {
    this.policy = policy;
    this.#options = options;
    this.#store = createJournal(store);
    this.#sstate = {
      store: this.#store,
      objectName: nameOfObject,
      contentOf: (task) => this.#make(task),
      onRestored: (task, content) => this.#held.set(options.contents.keyOf(task.tid), parseContent(content)),
    };
  }

  /** Another run that goes on from here: what it does leaves no trace in this one, nor on the server. */
  fork(options: Partial<Pick<PolicyRunOptions, "secondsOf">> = {}): PolicyRun {
    const service = overlayServer(this.#server, this.#options.method);
    const forked = new PolicyRun(this.policy, { ...this.#options, ...options, service }, overlayStore(this.#store));
    forked.#builder = this.#builder;
    forked.#held = new Map(this.#held);
    const cache = this.#cache;
    if (cache !== undefined && "saved" in cache) forked.#cache = createTaskCache((cache as TaskCache).saved);
    return forked;
  }

  /** Builds the present state of the graph. */
  async build(inputs: StepInputs): Promise<SimulatedBuild> {
    if (this.#options.builder === "fresh" || !this.policy.reuses) this.#beginAnew();
    const signatures = await this.#hash(inputs);
    this.#before = this.#builder;
    this.#store.begin();
    this.#server.begin();
    const build = await simulateBuild(inputs.plan, this.#builder, {
      hashesOf: (tid) => signatures.get(tid),
      stampHash: signatures.generator.stampHash,
      workers: this.#options.workers,
      ...(this.policy.reuses ? this.#sstate : {}),
      ...(this.policy.reports ? this.#serverPorts(signatures.generator, inputs) : {}),
      ...this.#timing(),
      depValid: inputs.depValid,
    });
    this.#builder = build.builder;
    return build;
  }

  /**
   * Builds again what was built just now, from the same state, but so that each task waits until all depids below it are final: none
   * is executed that a later answer would have spared. Leaves no trace.
   *
   * @returns the tasks executed; `undefined` if no answer was news
   */
  async buildPatiently(build: SimulatedBuild, inputs: StepInputs): Promise<ReadonlySet<Tid> | undefined> {
    const isNews = build.events.some((event) => event.type === "reported" && event.answer !== event.sent);
    if (!isNews || this.#signatures === undefined) return undefined;
    const { graph, contents, workers } = this.#options;
    const { plan, taints, extra } = inputs;
    const final: DepId[] = [];
    const generator: SignatureGenerator = {
      ...this.#signatures.generator,
      depids: (tasks) =>
        tasks.map((request) => {
          const { task, taskhash } = request;
          const index = plan.indices.get(task.tid) as number;
          const context = {
            extra: extra?.of(index, (other) => final[other] as DepId) ?? "",
            ...(this.#options.namesItself(task) ? { names: depIdOf(taskhash) } : {}),
          };
          const depid = this.#server.depIdAtEnd(request, outHashOf(task, contents.truthOf(task.tid), context));
          final[index] = depid;
          return depid;
        }),
    };
    const signatures = await computeSignatures(graph, generator, { taints });
    const patient = await simulateBuild(plan, this.#before, {
      hashesOf: (tid) => {
        const signature = signatures.get(tid);
        return { taskhash: signature.taskhash, depid: this.#server.depIdAtStart(signature) };
      },
      stampHash: generator.stampHash,
      workers,
      objectName: nameOfObject,
      store: this.#store.asItWas,
      ...this.#timing(),
      depValid: inputs.depValid,
    });
    return new Set(patient.summary.executed);
  }

  /** Whether the build directory holds something else of the task than a clean build has. */
  isStale(tid: Tid): boolean {
    const { contents } = this.#options;
    const held = this.#held.get(contents.keyOf(tid));
    return held !== undefined && held.output !== contents.truthOf(tid).output;
  }

  #beginAnew(): void {
    this.#builder = createBuilder();
    this.#held = new Map();
    this.#cache = undefined;
    this.#signatures = undefined;
  }

  async #hash({ seeds, taints }: StepInputs): Promise<Signatures> {
    const { graph, contents, service, method } = this.#options;
    if (this.#signatures !== undefined && this.policy.rehashes === "cone") {
      await this.#signatures.update([...seeds, ...taints.keys()], { taints });
      return this.#signatures;
    }
    if (this.#signatures === undefined) {
      const cache = this.#cache ?? this.policy.createCache();
      const generator = this.policy.createGenerator({
        service,
        method,
        cache,
        truthOf: (tid) => contents.truthOf(tid),
      });
      this.#cache = cache;
      this.#signatures = new Signatures(graph, generator);
    }
    await this.#signatures.computeAll({ taints });
    return this.#signatures;
  }

  #timing(): Pick<BuildWorld, "durationOf"> {
    const { secondsOf } = this.#options;
    if (secondsOf === undefined) return {};
    return { durationOf: (task, variant) => Math.round(1000 * secondsOf(task, variant)) };
  }

  #serverPorts(generator: SignatureGenerator, { plan, taints, extra }: StepInputs): Partial<BuildWorld> {
    this.#extras.clear();
    const onStart = (task: number, depids: readonly DepId[]): void => {
      const lines = extra?.of(task, (other) => depids[other] as DepId) ?? "";
      if (lines !== "") this.#extras.set(plan.tids[task] as Tid, lines);
    };
    const reporter = { report: (reports: readonly OutputReport[]) => this.#report(reports) };
    if (this.policy.answers === "log" || generator.stampHash !== "depid") return { reporter, onStart };
    const equivalences = { declare: (rows: readonly OutputReport[]) => this.#declare(rows) };
    const cache = this.#cache ?? this.policy.createCache();
    return { reporter, onStart, equivalences, generator, taints, cache, answers: "adopt" };
  }

  /** The task ran: its output is made from what the build directory holds of its dependencies. */
  #make(task: Task): string {
    const { contents } = this.#options;
    const content = contents.contentOf(task.tid, (dependency) => this.#held.get(dependency));
    this.#held.set(contents.keyOf(task.tid), content);
    return formatContent(content);
  }

  async #report(reports: readonly OutputReport[]): Promise<readonly DepId[]> {
    const { contents, method, service, namesItself } = this.#options;
    const rows = reports.map(({ task, taskhash, depid }) => {
      const content = this.#held.get(contents.keyOf(task.tid)) ?? contents.truthOf(task.tid);
      const extra = this.#extras.get(task.tid) ?? "";
      const context = { extra, ...(namesItself(task) ? { names: depid } : {}) };
      return { method, taskhash, depid, outhash: outHashOf(task, content, context) };
    });
    const answers = await service.reportAll(rows);
    rows.forEach(({ taskhash, outhash }, i) => {
      this.#server.add(taskhash, outhash, answers[i] as DepId);
    });
    return answers;
  }

  async #declare(rows: readonly OutputReport[]): Promise<readonly DepId[]> {
    const { method, service } = this.#options;
    const answers: DepId[] = [];
    for (const { taskhash, depid } of rows) {
      const answer = await service.reportEquiv({ method, taskhash, depid });
      this.#server.add(taskhash, undefined, answer);
      answers.push(answer);
    }
    return answers;
  }
}

const hashFns = new Map<string, HashFn>();

function nameOfObject(task: Task, depid: DepId): string {
  let hashFn = hashFns.get(task.hashfn);
  if (hashFn === undefined) {
    hashFn = parseHashFn(task.hashfn);
    hashFns.set(task.hashfn, hashFn);
  }
  return formatObjectName({ hashFn, task: task.task, depid, nativeLsbString: "universal" });
}
