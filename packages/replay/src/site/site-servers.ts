import type { EquivalenceService } from "../equivalence-service.ts";
import type { Policy } from "../policies/policy.ts";
import type { ObjectNumbers } from "../run/object-numbers.ts";
import { createKnowledge, createPolicyServer } from "../run/policy-server.ts";
import type { KnownRow, RowKnowledge } from "../run/row-knowledge.ts";
import type { BuildServer, ToldServer } from "../run/told-server.ts";
import type { Topology, TopologyBuilder, TopologyServer } from "../topology/topology.ts";
import { GarbageCollection } from "./gc.ts";
import { ReachedServer } from "./reached-server.ts";
import type { SiteCaches } from "./site-caches.ts";

/** A server that writes. */
interface Database {
  readonly of: TopologyServer;
  /** Its name space. */
  readonly method: string;
  readonly server: ToldServer;
  readonly upstream: ToldServer | undefined;
  readonly gc: GarbageCollection | undefined;
  /** What copies hold from which data are restored, by the step at whose end they were made. */
  readonly copies: Map<number, readonly KnownRow[]>;
}

export interface SiteServerOptions {
  readonly service: EquivalenceService;
  /** Begins the name spaces. */
  readonly namespace: string;
  readonly objects: ObjectNumbers;
}

/** The servers of a topology, as the builders of one policy see them: each a name space on the service. */
export class SiteServers {
  readonly #policy: Policy;
  readonly #servers: ReadonlyMap<string, TopologyServer>;
  readonly #databases = new Map<string, Database>();
  readonly #reached: ReachedServer[] = [];

  constructor(
    policy: Policy,
    options: SiteServerOptions,
    { servers }: Pick<Topology, "servers">,
    caches: Pick<SiteCaches, "numbersIn">,
  ) {
    this.#policy = policy;
    this.#servers = new Map(servers.map((it) => [it.name, it]));
    const open = (name: string): ToldServer => {
      const known = this.#databases.get(name);
      if (known !== undefined) return known.server;
      const of = this.#servers.get(name) as TopologyServer;
      const upstream = of.upstream === undefined ? undefined : open(of.upstream);
      const method = `${options.namespace}:${policy.name}${name && `:${name}`}`;
      const server = createPolicyServer(policy, options.service, method, { upstream, hasRows: hasRows(of) });
      const gc = of.gc && new GarbageCollection(of.gc, caches, options.objects);
      this.#databases.set(name, { of, method, server, upstream, gc, copies: new Map() });
      return server;
    };
    for (const { name, readOnlyOf } of servers) if (readOnlyOf === undefined) open(name);
  }

  /** A server as a builder reaches it. */
  of({ server: name, readOnly, unreachable = [] }: TopologyBuilder): {
    readonly server: BuildServer;
    readonly method: string;
    /** Whether it always answers as by what the builder itself told it last. */
    readonly isConstant: boolean;
  } {
    const asked = this.#servers.get(name) as TopologyServer;
    const { server, method, of } = this.#databases.get(asked.readOnlyOf ?? name) as Database;
    const reach = {
      isReadOnly: readOnly === true || asked.readOnlyOf !== undefined,
      unreachable: [...unreachable, ...(asked.unreachable ?? [])],
    };
    const isConstant = of.upstream === undefined && !hasRows(of);
    if (!reach.isReadOnly && reach.unreachable.length === 0) return { server, method, isConstant };
    const reached = new ReachedServer(server, reach);
    this.#reached.push(reached);
    return { server: reached, method, isConstant: false };
  }

  /** A step begins: some data are lost, and some servers do not answer. */
  begin(step: number): void {
    for (const { of, server, upstream, copies } of this.#databases.values()) {
      server.isReached = of.unreachable?.includes(step) !== true;
      const loss = of.lost?.find(({ at }) => at === step);
      if (loss === undefined) continue;
      const knowledge = createKnowledge(this.#policy, { upstream, hasRows: true });
      if (loss.restoredFrom !== undefined) knowledge.load(copies.get(loss.restoredFrom) ?? []);
      server.replaceDatabase(knowledge);
    }
    for (const reached of this.#reached) reached.begin(step);
  }

  /** A step is over, and caches are pruned: what no rule keeps is removed, and what is restored later is copied. */
  end(step: number): void {
    for (const { of, server, gc, copies } of this.#databases.values()) {
      if (!hasRows(of)) continue;
      const rows = server.knowledge as RowKnowledge;
      const gone = gc?.choose(step, rows) ?? new Set();
      rows.forget(gone);
      server.noteRemoved([...gone]);
      if (of.lost?.some(({ restoredFrom }) => restoredFrom === step) === true) copies.set(step, [...rows.rows()]);
    }
  }
}

/** Whether rows are removed from a server, or copied. */
function hasRows({ gc, lost = [] }: TopologyServer): boolean {
  return gc !== undefined || lost.length > 0;
}
