import type { DepId } from "@depid/hash";
import type { DepIdQuery, DepIdSource } from "@depid/siggen";
import type { EquivalenceService, OutHashReport } from "../equivalence-service.ts";
import { ReplayError } from "../errors.ts";
import { NO_TRAFFIC, type Traffic } from "../measure/traffic.ts";
import { ServerKnowledge } from "./server-knowledge.ts";

/** What the server is told of a taskhash: a report, or without an outhash a declaration. */
type Told = Omit<OutHashReport, "outhash"> & Partial<Pick<OutHashReport, "outhash">>;

/** What of a build's traffic the server sees. */
export type ServerTraffic = Omit<Traffic, "objects">;

/** As `ToldServer`, for a build that may be given up. */
export interface ServerAttempt extends Pick<ToldServer, "tell" | "knowledge"> {
  /** It is not: the server is told. */
  keep(): void;
}

/**
 * The server as a policy's builds see it. Nobody else writes in the policy's name space, which is new to the server, and the server writes the depid of a
 * taskhash once: what it will answer follows from what it was told, by its rule, and no build waits for it. When a build is over the server is told, in the
 * order of the build, and asked; each of its answers must be what the build went by.
 */
export class ToldServer implements DepIdSource {
  readonly knowledge: ServerKnowledge;
  readonly #service: EquivalenceService | undefined;
  readonly #method: string;
  #told: { readonly what: Told; readonly depid: DepId }[] = [];
  #traffic: ServerTraffic = NO_TRAFFIC;

  /**
   * @param service `undefined`: nobody is told, nor asked
   * @param method the name space; what is looked up in any other is asked at once
   */
  constructor(service: EquivalenceService | undefined, method: string, knowledge = new ServerKnowledge()) {
    this.#service = service;
    this.#method = method;
    this.knowledge = knowledge;
  }

  /** Another that goes on from here: what it is told leaves no trace in this one, nor on the server. */
  fork(): ToldServer {
    return new ToldServer(undefined, this.#method, this.knowledge.over());
  }

  async getDepIds(queries: readonly DepIdQuery[]): Promise<readonly (DepId | undefined)[]> {
    if (queries.length > 0) this.#count({ lookups: queries.length, batches: 1 });
    const others = queries.filter(({ method }) => method !== this.#method);
    const asked = others.length === 0 ? [] : ((await this.#service?.getDepIds(others)) ?? []);
    let at = 0;
    return queries.map(({ method, taskhash }) =>
      method === this.#method ? this.knowledge.depIdOf(taskhash) : asked[at++],
    );
  }

  /** A task has made its output, or its depid is declared. @returns the depid that applies now */
  tell(what: Omit<Told, "method">): DepId {
    const depid = this.knowledge.tell(what.taskhash, what.outhash, what.depid);
    this.#count({ reports: 1 });
    if (this.#service !== undefined) this.#told.push({ what: { ...what, method: this.#method }, depid });
    return depid;
  }

  /** What builds asked and told since this was called last. */
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

  /** What a build would tell, that may be given up: nothing is told before it is kept. */
  attempt(): ServerAttempt {
    const knowledge = this.knowledge.over();
    const told: Omit<Told, "method">[] = [];
    return {
      knowledge,
      tell: (what) => {
        told.push(what);
        return knowledge.tell(what.taskhash, what.outhash, what.depid);
      },
      keep: () => {
        for (const what of told) this.tell(what);
      },
    };
  }

  /**
   * Tells the server what it was not told yet, and looks up what it was told of.
   *
   * @throws {ReplayError} when it answers otherwise than it should
   */
  async confirm(): Promise<void> {
    const service = this.#service;
    const told = this.#told;
    this.#told = [];
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
