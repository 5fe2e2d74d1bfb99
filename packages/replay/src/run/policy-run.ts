import type { Tid } from "@depid/hash";
import {
  createBuilder,
  type EarlierDepIds,
  type PreparedBuild,
  prepareBuild,
  type SimulatedBuild,
  signedBy,
  simulateBuild,
} from "@depid/runqueue";
import { createTaskCache, type DepIdCache, type SignatureGenerator, Signatures, type TaskCache } from "@depid/siggen";
import { createMemoryStore, type SstateStore } from "@depid/sstate";
import type { Policy } from "../policies/policy.ts";
import { HeldContents } from "./held-contents.ts";
import { nameOfObject } from "./object-name.ts";
import type { BuildStart } from "./patient-build.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import { openServerPorts, type ServerPorts } from "./server-ports.ts";
import { createJournal } from "./store-journal.ts";
import { ToldServer } from "./told-server.ts";
import { overlayDepIds, overlayStore } from "./trial.ts";

/** A build of a policy that is done. */
export interface PolicyBuild {
  readonly build: SimulatedBuild;
  /** Whether the build directory holds something else of a task than a clean build has, by place in the plan. To be asked before the next build. */
  readonly isStale: (task: number) => boolean;
  /** What it began with, for building the same again, patiently; absent where nobody reports. */
  readonly start?: BuildStart;
}

/** One policy on its way through a history: its builder, its sstate cache, its name space on the server. */
export class PolicyRun {
  readonly policy: Policy;
  readonly #options: RunOptions;
  readonly #store: SstateStore;
  readonly #server: ToldServer;
  /** The build directory as the last build left it; `undefined`: a new one. */
  #left: Pick<SimulatedBuild, "builder"> | undefined;
  #held: HeldContents;
  #memory: DepIdCache | undefined;
  #generator: SignatureGenerator | undefined;
  /** Where they follow from answers. */
  #signatures: Signatures | undefined;
  /** What tasks had in builds of this name space. */
  readonly #depIds: EarlierDepIds;

  constructor(
    policy: Policy,
    options: RunOptions,
    store: SstateStore = createMemoryStore(),
    server = new ToldServer(options.service, options.method),
    depIds: EarlierDepIds = new Set(),
  ) {
    this.policy = policy;
    this.#options = options;
    this.#store = store;
    this.#server = server;
    this.#depIds = depIds;
    this.#held = new HeldContents(options.contents);
  }

  /** Another run that goes on from here: what it does leaves no trace in this one, nor on the server. */
  fork(options: Partial<Pick<RunOptions, "seconds">> = {}): PolicyRun {
    const forked = new PolicyRun(
      this.policy,
      { ...this.#options, ...options },
      overlayStore(this.#store),
      this.#server.fork(),
      overlayDepIds(this.#depIds),
    );
    forked.#left = this.#left;
    forked.#held = this.#held.copy();
    const memory = this.#memory;
    if (memory !== undefined && "saved" in memory) forked.#memory = createTaskCache((memory as TaskCache).saved);
    return forked;
  }

  /** Builds the present state of the graph. */
  async build(inputs: StepInputs): Promise<PolicyBuild> {
    const { rebuilder, server } = this.policy;
    if (!this.#keeps) this.#beginAnew();
    const { plan, depValid, extra } = inputs;
    const held = this.#held;
    const told = this.#server;
    const ports = server && openServerPorts({ ...this.#options, server: told }, server.reporter, held, plan, extra);
    const { generator, ...prepared } = await this.#sign(inputs, ports);
    const builder = this.#left?.builder ?? createBuilder();
    const store = createJournal(this.#store);
    const build = await simulateBuild(plan, builder, {
      ...prepared,
      ...(prepared.answers === "adopt" ? { generator } : {}),
      ...(prepared.answers === "adopt" && rebuilder.digests === true ? { earlierDepIds: this.#depIds } : {}),
      ...timingOf(this.#options, plan),
      depValid,
      ...(rebuilder.reuses ? { store, objectName: nameOfObject, ...held.ports } : {}),
      ...ports?.reporting,
    });
    await told.confirm();
    if (this.#keeps) this.#left = build;
    const isStale = (task: number): boolean => held.isStale(plan.tids[task] as Tid);
    if (ports === undefined || server === undefined) return { build, isStale };
    const { reporter } = server;
    const { knowledge } = told;
    const start = { builder, store: store.asItWas, generator, reporter, knowledge, news: ports.news };
    return { build, isStale, start };
  }

  /** Whether the next build goes on in the same build directory. */
  get #keeps(): boolean {
    return this.#options.builder === "persistent" && this.policy.rebuilder.reuses;
  }

  #beginAnew(): void {
    this.#left = undefined;
    this.#held = new HeldContents(this.#options.contents);
    this.#memory = undefined;
    if (!this.#isSharing) this.#generator = undefined;
  }

  /** How the tasks of a build are signed, and by what. */
  async #sign(
    inputs: StepInputs,
    ports: ServerPorts | undefined,
  ): Promise<PreparedBuild & { readonly generator: SignatureGenerator }> {
    const { rebuilder, server } = this.policy;
    const { book } = this.#options;
    const { plan, seeds, taints } = inputs;
    const memory = this.#memory ?? rebuilder.createMemory();
    const isNew = this.#generator === undefined;
    const generator = this.#generator ?? this.#createGenerator(memory);
    this.#memory = memory;
    this.#generator = generator;
    if (this.#isSharing) {
      const changed = rebuilder.follows === "truth" ? [...seeds, ...this.#options.contents.changed] : seeds;
      const signatures = await book.of(generator, inputs, changed);
      return { generator, ...signedBy(plan, signatures, generator.stampHash) };
    }
    const known = rebuilder.follows === "answers" ? this.#signatures : undefined;
    known?.goOnWith(generator);
    const signatures = known ?? new Signatures(this.#options.graph, generator);
    this.#signatures = signatures;
    const adopts = ports !== undefined && server?.adoption === "at once";
    const prepared = await prepareBuild(
      plan,
      { signatures, taints, ...(known && { changed: seeds, asksAgain: isNew || adopts }) },
      adopts ? { cache: memory, equivalences: ports.equivalences } : undefined,
    );
    return { ...prepared, generator };
  }

  /** Whether hashes have nothing to do with the builder. */
  get #isSharing(): boolean {
    const { follows } = this.policy.rebuilder;
    return follows === "capture" || follows === "truth";
  }

  #createGenerator(memory: DepIdCache): SignatureGenerator {
    const { contents, method } = this.#options;
    const truthOf = (tid: Tid) => contents.truthOf(tid);
    return this.policy.rebuilder.createGenerator({ service: this.#server, method, memory, truthOf });
  }
}
