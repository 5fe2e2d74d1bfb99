import type { Tid } from "@depid/hash";
import {
  type BuilderState,
  createBuilder,
  type EarlierDepIds,
  prepareBuild,
  type SimulatedBuild,
  simulateBuild,
} from "@depid/runqueue";
import { createTaskCache, type DepIdCache, Signatures, type TaskCache } from "@depid/siggen";
import { createMemoryStore, type SstateStore } from "@depid/sstate";
import { keepsHashes, type Policy } from "../policies/policy.ts";
import { HeldContents } from "./held-contents.ts";
import { nameOfObject } from "./object-name.ts";
import type { BuildStart } from "./patient-build.ts";
import { type RunOptions, type StepInputs, timingOf } from "./run-options.ts";
import { openServerPorts } from "./server-ports.ts";
import { createJournal } from "./store-journal.ts";
import { ToldServer } from "./told-server.ts";
import { overlayDepIds, overlayStore } from "./trial.ts";

/** A build of a policy that is done. */
export interface PolicyBuild {
  readonly build: SimulatedBuild;
  /** Whether the build directory holds something else of the task than a clean build has. To be asked before the next build. */
  readonly isStale: (tid: Tid) => boolean;
  /** What it began with, for building the same again, patiently; absent where nobody reports. */
  readonly start?: BuildStart;
}

/** One policy on its way through a history: its builder, its sstate cache, its name space on the server. */
export class PolicyRun {
  readonly policy: Policy;
  readonly #options: RunOptions;
  readonly #store: SstateStore;
  readonly #server: ToldServer;
  #builder: BuilderState = createBuilder();
  #held: HeldContents;
  #memory: DepIdCache | undefined;
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
  fork(options: Partial<Pick<RunOptions, "secondsOf">> = {}): PolicyRun {
    const forked = new PolicyRun(
      this.policy,
      { ...this.#options, ...options },
      overlayStore(this.#store),
      this.#server.fork(),
      overlayDepIds(this.#depIds),
    );
    forked.#builder = this.#builder;
    forked.#held = this.#held.copy();
    const memory = this.#memory;
    if (memory !== undefined && "saved" in memory) forked.#memory = createTaskCache((memory as TaskCache).saved);
    return forked;
  }

  /** Builds the present state of the graph. */
  async build(inputs: StepInputs): Promise<PolicyBuild> {
    const { rebuilder, server } = this.policy;
    if (this.#options.builder === "fresh" || !rebuilder.reuses) this.#beginAnew();
    const { plan, seeds, taints, depValid, extra } = inputs;
    const held = this.#held;
    const told = this.#server;
    const changed = this.#signatures !== undefined && keepsHashes(this.policy) ? { changed: seeds } : {};
    const { memory, signatures } = this.#signer();
    const ports = server && openServerPorts({ ...this.#options, server: told }, server.reporter, held, plan, extra);
    const adopts = ports !== undefined && server?.adoption === "at once";
    const prepared = await prepareBuild(
      plan,
      { signatures, taints, ...changed },
      adopts ? { cache: memory, equivalences: ports.equivalences } : undefined,
    );
    const earlier = adopts && rebuilder.digests === true ? { earlierDepIds: this.#depIds } : {};
    const builder = this.#builder;
    const store = createJournal(this.#store);
    const build = await simulateBuild(plan, builder, {
      ...prepared,
      ...earlier,
      ...timingOf(this.#options),
      depValid,
      ...(rebuilder.reuses ? { store, objectName: nameOfObject, ...held.ports } : {}),
      ...ports?.reporting,
    });
    await told.confirm();
    this.#builder = build.builder;
    const isStale = (tid: Tid): boolean => held.isStale(tid);
    if (ports === undefined || server === undefined) return { build, isStale };
    const { generator } = signatures;
    const { reporter } = server;
    const { knowledge } = told;
    const start = { builder, store: store.asItWas, generator, reporter, knowledge, news: ports.news };
    return { build, isStale, start };
  }

  #beginAnew(): void {
    this.#builder = createBuilder();
    this.#held = new HeldContents(this.#options.contents);
    this.#memory = undefined;
    this.#signatures = undefined;
  }

  /** What the builder knows of hashes; a new one knows nothing. */
  #signer(): { readonly memory: DepIdCache; readonly signatures: Signatures } {
    const { rebuilder } = this.policy;
    const { graph, contents, method } = this.#options;
    this.#memory ??= rebuilder.createMemory();
    const memory = this.#memory;
    const context = { service: this.#server, method, memory, truthOf: (tid: Tid) => contents.truthOf(tid) };
    this.#signatures ??= new Signatures(graph, rebuilder.createGenerator(context));
    return { memory, signatures: this.#signatures };
  }
}
