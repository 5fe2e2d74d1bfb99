import type { DepId } from "@depid/hash";
import {
  type ClientSide,
  type Credentials,
  type EquivalenceKey,
  existsStream,
  formatJson,
  formatStreamQuery,
  gcMark,
  gcMarkStream,
  get,
  getOutHash,
  getStats,
  getStream,
  InvalidRequestError,
  isStreamEnd,
  type JoinedRow,
  type MarkRequest,
  type OutHashKey,
  parseAddress,
  ping,
  type Report,
  type ReportEquivRequest,
  type RequestStats,
  remove,
  report,
  reportEquiv,
  stripEnd,
} from "@depid/hashserv-protocol";
import { Channel } from "./channel.ts";
import { createPrelude } from "./prelude.ts";
import { takeCounts, takeDepIds, takeFlags } from "./takers.ts";

/** Milliseconds an answer may take (section 17). */
const TIMEOUT_MS = 30_000;

export interface ClientOptions {
  /** Breaks off what is under way and closes the client. */
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for a connection, and for each answer; 30 s unless told. */
  readonly timeoutMs?: number;
  /** Logs in with each connection, before all else. */
  readonly login?: Credentials;
  /** Acts as this user after logging in, as far as the server lets us. */
  readonly become?: string;
  /** For `tls://` and `wss://`: certificates to trust in place of the usual ones, as the text of a PEM file. */
  readonly ca?: string;
}

/**
 * A client of one server. Calls may overlap; they are carried out in order. All may throw `ServerError` when the
 * server refuses, `ConnectionError` when it cannot be reached, and `ProtocolError` when it talks nonsense.
 */
export interface HashClient {
  readonly address: string;
  /** The depid of a task, if the server knows one. For many tasks use `getDepIds`. */
  get(key: EquivalenceKey): Promise<DepId | undefined>;
  /** The oldest recorded output of a task with its depid. */
  getRow(key: EquivalenceKey): Promise<(JoinedRow & { readonly depid: DepId }) | undefined>;
  /** The oldest record of an output whose task has a depid. The taskhash is for the server's upstream. */
  getOutHash(key: OutHashKey): Promise<(JoinedRow & { readonly depid: DepId }) | undefined>;
  /** The depids of tasks, in the order asked; all queries are sent at once. Methods and taskhashes must be words. */
  getDepIds(queries: readonly EquivalenceKey[]): Promise<readonly (DepId | undefined)[]>;
  /** Whether the server knows these depids, in the order asked; all are sent at once. */
  depIdsExist(depids: readonly string[]): Promise<readonly boolean[]>;
  /** As many calls of gc-mark, sent at once. @returns how many rows each applied to; servers of old do not know it */
  gcMarkAll(requests: readonly MarkRequest[]): Promise<readonly number[]>;
  /** Tells what came out of a task. @returns the depid that now applies, which may be another than the one reported */
  report(report: Report): Promise<DepId>;
  /** As many calls of `report`, sent at once; the server carries them out in order. */
  reportAll(reports: readonly Report[]): Promise<readonly DepId[]>;
  /** Declares the depid of a task. @returns the one that applies: a task keeps the depid it has */
  reportEquiv(request: ReportEquivRequest): Promise<DepId>;
  /** Removes all that is known of taskhashes, with their outputs, as many calls of `remove`, sent at once. Needs `@db-admin`. */
  removeAll(keys: readonly EquivalenceKey[]): Promise<void>;
  stats(): Promise<RequestStats>;
  ping(): Promise<void>;
  /** Carries out a request of any method. */
  call<Request, Received>(method: ClientSide<Request, Received>, request: Request): Promise<Received>;
  /** Carries out requests of one method, all sent at once. @returns the answers, in order */
  callAll<Request, Received>(
    method: ClientSide<Request, Received>,
    requests: readonly Request[],
  ): Promise<readonly Received[]>;
  /** Waits for calls under way, then disconnects. */
  close(): Promise<void>;
}

/**
 * Connects to a server.
 *
 * @param address `unix://PATH`, `HOST:PORT`, or `tls://`, `ws://`, `wss://` and `HOST:PORT`
 * @throws {InvalidAddressError | ConnectionError}
 */
export async function openClient(address: string, options: ClientOptions = {}): Promise<HashClient> {
  const { signal, timeoutMs = TIMEOUT_MS, ca } = options;
  const prelude = createPrelude(options);
  const channel = new Channel(parseAddress(address), { signal, timeoutMs, ca }, prelude);
  await channel.open();
  return createClient(address, channel);
}

function createClient(address: string, channel: Channel): HashClient {
  const call = async <Request, Received>(method: ClientSide<Request, Received>, request: Request) => {
    const [answer] = await channel.request(method, [request]);
    return answer as Received;
  };
  return {
    address,
    call,
    callAll: (method, requests) => channel.request(method, requests),
    async get(key) {
      return (await call(get, { ...key, all: false }))?.depid;
    },
    async getRow(key) {
      const row = await call(get, { ...key, all: true });
      return row !== null && "outhash" in row ? row : undefined;
    },
    async getOutHash(key) {
      const row = await call(getOutHash, { ...key, withDepId: true });
      return row !== null && "depid" in row ? row : undefined;
    },
    getDepIds: async (queries) => channel.stream(getStream, queries.map(formatStreamQuery), takeDepIds),
    depIdsExist: async (depids) => channel.stream(existsStream, depids.map(checkStreamLine), takeFlags),
    gcMarkAll: async (requests) => channel.stream(gcMarkStream, requests.map(formatMarkLine), takeCounts),
    async report(one) {
      return (await call(report, one)).depid;
    },
    async reportAll(reports) {
      return (await channel.request(report, reports)).map(({ depid }) => depid);
    },
    async reportEquiv(request) {
      return (await call(reportEquiv, request)).depid;
    },
    async removeAll(keys) {
      const requests = keys.map(({ method, taskhash }) => ({ where: { method, taskhash } }));
      await channel.request(remove, requests);
    },
    stats: () => call(getStats, {}),
    async ping() {
      await call(ping, {});
    },
    close: () => channel.close(),
  };
}

/** @throws {InvalidRequestError} when a text would not be taken for the line of a stream that it is meant to be */
function checkStreamLine(text: string): string {
  if (isStreamEnd(stripEnd(text)) || text.includes("\n")) {
    throw new InvalidRequestError(`exists-stream: expected a unihash, found ${JSON.stringify(text)}`);
  }
  return text;
}

function formatMarkLine(request: MarkRequest): string {
  return formatJson(gcMark.formatArguments(request));
}
