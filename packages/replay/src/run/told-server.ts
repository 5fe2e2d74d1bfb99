import type { DepId, TaskHash } from "@depid/hash";
import type { DepIdQuery, DepIdSource } from "@depid/siggen";
import type { EquivalenceService, OutHashReport } from "../equivalence-service.ts";
import { ReplayError } from "../errors.ts";
import { NO_TRAFFIC, type Traffic } from "../measure/traffic.ts";
import type { KnownRow, RowKnowledge } from "./row-knowledge.ts";
import { ServerKnowledge } from "./server-knowledge.ts";

/** What the server is told of a taskhash: a report, or without an outhash a declaration. */
type Told = Omit<OutHashReport, "outhash"> & Partial<Pick<OutHashReport, "outhash">>;

/** The server as a builder reaches it. */
export interface BuildServer extends DepIdSource {
  readonly knowledge: ServerKnowledge;
  /** Whether it answers at all. */
  readonly isReached: boolean;
  /** Asks for one taskhash. */
  lookUp(taskhash: TaskHash): DepId | undefined;
  /** A task has made its output, or its depid is declared. @returns the depid that applies now */
  tell(what: Omit<Told, "method">): DepId;
  /** What builds asked and told since this was called last. */
  takeTraffic(): ServerTraffic;
  attempt(): ServerAttempt;
  /** Another that goes on from here: what it is told leaves no trace in this one, nor on the server. */
  fork(): BuildServer;
  /** A build is over. @throws {ReplayError} when the server answers otherwise than it should */
  confirm(): Promise<void>;
}

/** What of a build's traffic the server sees. */
export type ServerTraffic = Omit<Traffic, "objects">;

/** As `ToldServer`, for a build that may be given up. */
export interface ServerAttempt extends Pick<BuildServer, "tell" | "knowledge"> {
  /** It is not: the server is told. */
  keep(): void;
}

/**
 * The server as a policy's builds see it. Nobody else writes in the policy's name space, which is new to the server, and the server writes the depid of a
 * taskhash once: what it will answer follows from what it was told, by its rule, and no build waits for it. When a build is over the server is told, in the
 * order of the build, and asked; each of its answers must be what the build went by.
 */
export class ToldServer implements BuildServer {
  #knowledge: ServerKnowledge;
  readonly #service: EquivalenceService | undefined;
  readonly #method: string;
  /** The name space of its present database. */
  #space: string;
  #databases = 0;
  readonly #upstream: ToldServer | undefined;
  #removed: readonly TaskHash[] = [];
  #told: { readonly what: Told; readonly depid: DepId }[] = [];
  #traffic: ServerTraffic = NO_TRAFFIC;
  /** Whether it answers, in the present step. */
  isReached = true;

  /**
   * @param service `undefined`: nobody is told, nor asked
   * @param method the name space; what is looked up in any other is asked at once
   * @param upstream which is asked for what is not known here
   */
  constructor(
    service: EquivalenceService | undefined,
    method: string,
    knowledge = new ServerKnowledge(),
    upstream?: ToldServer,
  ) {
    this.#service = service;
    this.#method = method;
    this.#space = method;
    this.#knowledge = knowledge;
    this.#upstream = upstream;
  }

  get knowledge(): ServerKnowledge {
    return this.#knowledge;
  }

  fork(): ToldServer {
    return new ToldServer(undefined, this.#method, this.knowledge.over());
  }

  /** What the upstream answers is kept here, as a declaration (hashserv-protocol.md section 12). */
  lookUp(taskhash: TaskHash): DepId | undefined {
    if (this.#upstream === undefined) return this.knowledge.depIdOf(taskhash);
    const own = this.knowledge.ownDepIdOf(taskhash);
    if (own !== undefined || !this.#upstream.isReached) return own;
    const depid = this.#upstream.lookUp(taskhash);
    if (depid !== undefined) this.#keep({ taskhash, depid });
    return depid;
  }

  /** The database is replaced by another one, which is a name space of its own. @param knowledge what that holds from the start */
  replaceDatabase(knowledge: RowKnowledge): void {
    this.#knowledge = knowledge;
    this.#databases += 1;
    this.#space = `${this.#method}@${this.#databases}`;
    this.#removed = [];
    this.#told = [];
    for (const row of knowledge.rows()) this.#note(row, row.depid);
  }

  /** Rows were removed from what it knows: the service is to remove them as well, before it is told of anything else. */
  noteRemoved(taskhashes: readonly TaskHash[]): void {
    this.#removed = [...this.#removed, ...taskhashes];
  }

  getDepIds(queries: readonly DepIdQuery[]): Promise<readonly (DepId | undefined)[]> {
    return this.answer(queries, (taskhash) => this.lookUp(taskhash));
  }

  /** The same where somebody else looks up what is in the name space. */
  async answer(
    queries: readonly DepIdQuery[],
    lookUp: (taskhash: TaskHash) => DepId | undefined,
  ): Promise<readonly (DepId | undefined)[]> {
    if (queries.length > 0) this.#count({ lookups: queries.length, batches: 1 });
    const others = queries.filter(({ method }) => method !== this.#method);
    const asked = others.length === 0 ? [] : ((await this.#service?.getDepIds(others)) ?? []);
    let at = 0;
    return queries.map(({ method, taskhash }) => (method === this.#method ? lookUp(taskhash) : asked[at++]));
  }

  tell(what: Omit<Told, "method">): DepId {
    const depid = this.knowledge.tell(what.taskhash, what.outhash, what.depid);
    this.#count({ reports: 1 });
    // The service knows of no upstream: it is told what that would have answered.
    this.#note(this.#upstream === undefined ? what : { ...what, depid }, depid);
    return depid;
  }

  /** Counts a report that is not taken. */
  countReport(): void {
    this.#count({ reports: 1 });
  }

  #keep(row: KnownRow): void {
    this.knowledge.tell(row.taskhash, undefined, row.depid);
    this.#note(row, row.depid);
  }

  #note(what: Omit<Told, "method">, depid: DepId): void {
    if (this.#service !== undefined) this.#told.push({ what: { ...what, method: this.#space }, depid });
  }

  takeTraffic(): ServerTraffic {
    const traffic = this.#traffic;
    this.#traffic = NO_TRAFFIC;
    return traffic;
  }

  #count(more: Partial<ServerTraffic>): void {
    const { lookups, batches, reports } = this.#traffic;
    this.#traffic = {
      lookups: lookups + (more.lookups ?? 0),
      batches: batches + (more.batches ?? 0),
      reports: reports + (more.reports ?? 0),
    };
  }

  attempt(): ServerAttempt {
    return attemptOn(this);
  }

  /**
   * Tells the server what it was not told yet, and looks up what it was told of.
   *
   * @throws {ReplayError} when it answers otherwise than it should
   */
  async confirm(): Promise<void> {
    await this.#upstream?.confirm();
    const service = this.#service;
    const told = this.#told;
    this.#told = [];
    await this.#confirmRemoved();
    if (service === undefined || told.length === 0) return;
    let reports: { readonly what: OutHashReport; readonly depid: DepId }[] = [];
    const report = async () => {
      check(reports, await service.reportAll(reports.map(({ what }) => what)));
      reports = [];
    };
    for (const { what, depid } of told) {
      const { outhash, ...declared } = what;
      if (outhash !== undefined) reports.push({ what: { ...declared, outhash }, depid });
      else {
        await report();
        check([{ what, depid }], [await service.reportEquiv(declared)]);
      }
    }
    await report();
    check(told, await service.getDepIds(told.map(({ what: { method, taskhash } }) => ({ method, taskhash }))));
  }

  async #confirmRemoved(): Promise<void> {
    const service = this.#service;
    const removed = this.#removed.map((taskhash) => ({ method: this.#space, taskhash }));
    this.#removed = [];
    if (service === undefined || removed.length === 0) return;
    await service.removeAll(removed);
    const left = await service.getDepIds(removed);
    const kept = left.findIndex((it) => it !== undefined);
    if (kept < 0) return;
    const { taskhash } = removed[kept] as (typeof removed)[number];
    throw new ReplayError(
      `the server: expected no depid for taskhash ${taskhash}, which was removed, found ${left[kept]}`,
    );
  }
}

/** What a build would tell a server, that may be given up: nothing is told before it is kept. */
export function attemptOn(server: Pick<BuildServer, "knowledge" | "tell">): ServerAttempt {
  const knowledge = server.knowledge.over();
  const told: Omit<Told, "method">[] = [];
  return {
    knowledge,
    tell: (what) => {
      told.push(what);
      return knowledge.tell(what.taskhash, what.outhash, what.depid);
    },
    keep: () => {
      for (const what of told) server.tell(what);
    },
  };
}

function check(
  expected: readonly { readonly what: Told; readonly depid: DepId }[],
  answers: readonly (DepId | undefined)[],
): void {
  for (const [i, { what, depid }] of expected.entries()) {
    if (answers[i] === depid) continue;
    throw new ReplayError(
      `the server: expected depid ${depid} for taskhash ${what.taskhash}, by what it was told before, found ${answers[i] ?? "none"}: a replay needs a server that keeps what is reported, and name spaces that nobody else writes in`,
    );
  }
}
