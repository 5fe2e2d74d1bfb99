import { outsideReason } from "@depid/hash";
import { type HashClient, openClient } from "@depid/hashserv-client";
import { type EquivalenceKey, get, getOutHash, type OutHashKey, parseAddress } from "@depid/hashserv-protocol";
import { UpstreamError } from "../errors.ts";
import type { Log } from "../log.ts";
import { Batcher } from "./batcher.ts";
import { CircuitBreaker } from "./circuit-breaker.ts";
import type { Upstream, UpstreamRow } from "./upstream.ts";

export interface UpstreamOptions {
  readonly log: Log;
  /** Milliseconds to wait for the answers to queries sent together. */
  readonly deadlineMs?: number;
  /** Milliseconds that only go forward. */
  readonly now?: () => number;
}

const DEADLINE_MS = 5_000;

/**
 * Asks another server, over three connections that all our clients share: one for each mode, so that none has to be
 * changed. They are made when first needed. Queries that arrive together travel together.
 *
 * @throws {InvalidAddressError}
 */
export function connectUpstream(address: string, { log, deadlineMs = DEADLINE_MS, now }: UpstreamOptions): Upstream {
  parseAddress(address);
  const breaker = new CircuitBreaker(now);
  const links = [0, 1, 2].map(() => new Link(address, deadlineMs));
  const [forDepIds, forFlags, forRows] = links as [Link, Link, Link];

  /** A batcher of what one link is asked; a failure is a miss for all that travel together. */
  const batch = <Query, Answer>(
    link: Link,
    nothing: Answer,
    ask: (client: HashClient, queries: readonly Query[]) => Promise<readonly Answer[]>,
  ) =>
    new Batcher<Query, Answer>(async (queries) => {
      const answers = await breaker.attempt(
        () => link.ask((client) => ask(client, queries)),
        (error) => log("WARNING", `upstream ${address}: ${outsideReason(error)}`),
      );
      return answers ?? queries.map(() => nothing);
    });

  const depids = batch(forDepIds, undefined, (client, keys: readonly EquivalenceKey[]) => client.getDepIds(keys));
  const flags = batch(forFlags, false, (client, asked: Parameters<HashClient["depIdsExist"]>[0]) =>
    client.depIdsExist(asked),
  );
  const singles = batch(forRows, null, (client, keys: readonly EquivalenceKey[]) =>
    client.callAll(
      get,
      keys.map((key) => ({ ...key, all: false })),
    ),
  );
  const ofTasks = batch(forRows, null, (client, keys: readonly EquivalenceKey[]) =>
    client.callAll(
      get,
      keys.map((key) => ({ ...key, all: true })),
    ),
  );
  const ofOutputs = batch(forRows, null, (client, keys: readonly OutHashKey[]) =>
    client.callAll(
      getOutHash,
      keys.map((key) => ({ ...key, withDepId: true })),
    ),
  );

  return {
    get available() {
      return breaker.closed;
    },
    findDepIds: (keys) => depids.ask(keys),
    depIdsExist: (asked) => flags.ask(asked),
    async findDepId({ method, taskhash }) {
      const [found] = await singles.ask([{ method, taskhash }]);
      return found?.depid;
    },
    async findOldestOfTask({ method, taskhash }) {
      const [row] = await ofTasks.ask([{ method, taskhash }]);
      return isRow(row) && row.method === method && row.taskhash === taskhash ? row : undefined;
    },
    async findOldestOfOutput({ method, taskhash, outhash }) {
      const [row] = await ofOutputs.ask([{ method, taskhash, outhash }]);
      return isRow(row) && row.method === method && row.outhash === outhash ? row : undefined;
    },
    async close() {
      for (const link of links) link.drop();
    },
  };
}

function isRow(row: object | null | undefined): row is UpstreamRow {
  return row !== null && row !== undefined && "outhash" in row && "depid" in row;
}

/** A connection that is made when needed, and thrown away after a failure. */
class Link {
  readonly #address: string;
  readonly #deadlineMs: number;
  #client: Promise<HashClient> | undefined;
  #abort = new AbortController();

  constructor(address: string, deadlineMs: number) {
    this.#address = address;
    this.#deadlineMs = deadlineMs;
  }

  /** @throws what the client throws; @throws {UpstreamError} when it takes too long */
  async ask<T>(work: (client: HashClient) => Promise<T>): Promise<T> {
    try {
      return await this.#inTime(this.#open().then(work));
    } catch (error) {
      this.drop();
      throw error;
    }
  }

  drop(): void {
    this.#abort.abort(new UpstreamError("no longer asked"));
    this.#client = undefined;
  }

  #open(): Promise<HashClient> {
    if (this.#client === undefined) {
      this.#abort = new AbortController();
      this.#client = openClient(this.#address, { signal: this.#abort.signal, timeoutMs: this.#deadlineMs });
    }
    return this.#client;
  }

  #inTime<T>(work: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new UpstreamError(`no answer within ${this.#deadlineMs / 1000} s`)),
        this.#deadlineMs,
      );
    });
    return Promise.race([work, late]).finally(() => clearTimeout(timer));
  }
}
