import type { DepId, TaskHash } from "@depid/hash";
import type { DepIdQuery } from "@depid/siggen";
import type { ServerKnowledge } from "../run/server-knowledge.ts";
import {
  attemptOn,
  type BuildServer,
  type ServerAttempt,
  type ServerTraffic,
  type ToldServer,
} from "../run/told-server.ts";
import { ReadOnlyKnowledge } from "./read-only-knowledge.ts";
import { SilentKnowledge } from "./silent-knowledge.ts";

/** How a builder reaches a server. */
export interface ServerReach {
  /** Whether it may ask and not report. */
  readonly isReadOnly: boolean;
  /** Steps in which nobody answers it. */
  readonly unreachable: readonly number[];
}

const SILENT = new SilentKnowledge();

/** A server that does not take all that a builder says, or does not always answer. */
export class ReachedServer implements BuildServer {
  readonly #server: ToldServer;
  readonly #reach: ServerReach;
  readonly #readOnly: ReadOnlyKnowledge;
  #step = 0;

  constructor(server: ToldServer, reach: ServerReach) {
    this.#server = server;
    this.#reach = reach;
    this.#readOnly = new ReadOnlyKnowledge(() => server.knowledge);
  }

  /** A step begins. */
  begin(step: number): void {
    this.#step = step;
  }

  get isReached(): boolean {
    return !this.#reach.unreachable.includes(this.#step);
  }

  get #isWhole(): boolean {
    return this.isReached && !this.#reach.isReadOnly;
  }

  get knowledge(): ServerKnowledge {
    if (!this.isReached) return SILENT;
    return this.#reach.isReadOnly ? this.#readOnly : this.#server.knowledge;
  }

  async getDepIds(queries: readonly DepIdQuery[]): Promise<readonly (DepId | undefined)[]> {
    if (!this.isReached) return queries.map(() => undefined);
    return this.#server.answer(queries, (taskhash) => this.lookUp(taskhash));
  }

  lookUp(taskhash: TaskHash): DepId | undefined {
    return this.#isWhole ? this.#server.lookUp(taskhash) : this.knowledge.depIdOf(taskhash);
  }

  tell(what: Parameters<BuildServer["tell"]>[0]): DepId {
    if (this.#isWhole) return this.#server.tell(what);
    if (this.isReached) this.#server.countReport();
    return this.knowledge.tell(what.taskhash, what.outhash, what.depid);
  }

  takeTraffic(): ServerTraffic {
    return this.#server.takeTraffic();
  }

  attempt(): ServerAttempt {
    return attemptOn(this);
  }

  fork(): BuildServer {
    if (this.#isWhole) return this.#server.fork();
    const fork = new ReachedServer(this.#server.fork(), this.#reach);
    fork.begin(this.#step);
    return fork;
  }

  confirm(): Promise<void> {
    return this.#server.confirm();
  }
}
