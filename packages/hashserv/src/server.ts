import { type Address, type Credentials, parseAddress } from "@depid/hashserv-protocol";
import { InvalidOptionsError, LimitError } from "./errors.ts";
import { DEFAULT_LIMITS, heldBytesOf, type Limits } from "./limits.ts";
import { type Log, silent } from "./log.ts";
import type { NetOptions, TlsOptions } from "./net/bind-port.ts";
import { Budget } from "./net/budget.ts";
import { checkCertificate } from "./net/certificate.ts";
import { Connection } from "./net/connection.ts";
import { Hosts } from "./net/hosts.ts";
import { createHttpInterface } from "./net/http.ts";
import { listen } from "./net/listen.ts";
import { type HttpListener, listenHttp } from "./net/listen-http.ts";
import type { Accept, Listener } from "./net/listener.ts";
import { Turn } from "./net/turn.ts";
import { openStorage } from "./open-storage.ts";
import { createService, type Service } from "./service.ts";
import { Accounts } from "./session/accounts.ts";
import { DEFAULT_ANONYMOUS } from "./session/anonymous.ts";
import type { Observer } from "./session/observer.ts";
import { parseAnonymous } from "./session/permissions.ts";
import { Session } from "./session/session.ts";
import { hashToken } from "./session/token.ts";
import type { DatabaseOptions } from "./storage/driver.ts";
import type { Storage, StorageSize } from "./storage/storage.ts";
import { Backfill } from "./upstream/backfill.ts";
import { connectUpstream } from "./upstream/connect-upstream.ts";
import { watchStorage } from "./watch-storage.ts";

export type ServerOptions = {
  /** Where to listen: `unix://PATH`, `HOST:PORT`, `ws://HOST:PORT`; port 0 takes a free one. */
  readonly bind: string;
  readonly log?: Log;
  /** With a certificate the server speaks TLS, on TCP and WebSocket. */
  readonly tls?: TlsOptions | undefined;
  /** Whether other processes may listen on the same port. Needs Node 22.12. */
  readonly reusePort?: boolean;
  readonly limits?: Partial<Limits>;
  /** Told of every request. */
  readonly observer?: Observer | undefined;
  /** Names besides that of `bind` and `http` under which HTTP and pages of browsers may use it. */
  readonly allowHosts?: readonly string[];
  /** `HOST:PORT` at which the HTTP interface of the RFC is served too; port 0 takes a free one. */
  readonly http?: string | undefined;
  /** Address of a server to ask for what is not found here. Not for a server that may not write. */
  readonly upstream?: string | undefined;
  /** Writes nothing, and knows no requests that would. The database must be there. */
  readonly readOnly?: boolean;
  /** What everybody may do, by the names of permissions; as in the reference unless told. */
  readonly anonymous?: Iterable<string>;
  /** A user with all rights, made if missing; one that is there is reset. */
  readonly admin?: Credentials | undefined;
  /** Whether clean-unused counts ages as the reference does: the wrong way round. */
  readonly cleanUnusedCompat?: boolean;
  /** Whether depids of the size of MD5 and SHA-1, as OE-Core had them in 2019, are taken in reports over HTTP. */
  readonly shortDepIds?: boolean;
} & (
  | ({ /** Path of a SQLite database file, or `postgres://…`. */ readonly database: string } & DatabaseOptions)
  | { /** Stays open when the server closes. */ readonly storage: Storage }
);

export interface Server {
  /** Where clients find it, in the form of `bind`, with the real port. */
  readonly address: string;
  /** Where the HTTP interface is, if it was asked for: `http://HOST:PORT`. */
  readonly httpUrl: string | undefined;
  /** How things are at this moment. */
  status(): ServerStatus;
  /** Asks the database something. @throws {StorageError} when it does not answer */
  check(): Promise<void>;
  /** What the database takes on disk; `undefined` where it takes nothing. @throws {StorageError} as `check` does */
  size(): Promise<StorageSize | undefined>;
  /**
   * Has new connections get another certificate, wherever the server speaks TLS. Those that are open keep theirs.
   *
   * @throws {CertificateError} when it cannot be used; the old one stays
   * @throws {InvalidOptionsError} without TLS
   */
  renewTls(tls: TlsOptions): void;
  /** Stops listening, answers what has arrived, ends all connections. A second call waits for the first. */
  close(): Promise<void>;
}

export interface ServerStatus {
  readonly connections: number;
  /** Whether the upstream is asked at present; `undefined` without one. */
  readonly upstreamAvailable: boolean | undefined;
  /** Reports that are answered, and not in the tables yet; `undefined` unless they are written behind. */
  readonly pendingReports: number | undefined;
}

/**
 * Starts a hash equivalence server.
 *
 * @throws {InvalidAddressError | InvalidOptionsError | InvalidPermissionsError | ListenError | StorageError}
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const address = parseAddress(options.bind);
  const log = options.log ?? silent;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const anonymous = parseAnonymous([...(options.anonymous ?? DEFAULT_ANONYMOUS)]);
  const { readOnly = false } = options;
  if (readOnly && options.upstream !== undefined) throw new InvalidOptionsError(READ_ONLY_UPSTREAM);
  const upstream = options.upstream === undefined ? undefined : connectUpstream(options.upstream, { log });
  const own = "database" in options ? await openStorage(options.database, options, log) : undefined;
  const storage = "storage" in options ? options.storage : (own as Storage);
  const connections = new Set<Connection>();
  const listeners: (Listener | HttpListener)[] = [];
  try {
    const accounts = await createAccounts(storage, options.admin, readOnly);
    const backfill = new Backfill(storage, log);
    const { cleanUnusedCompat = false, shortDepIds = false } = options;
    const service = createService({
      storage,
      accounts,
      anonymous,
      readOnly,
      upstream,
      backfill,
      cleanUnusedCompat,
      shortDepIds,
      log,
      observer: options.observer,
    });
    const budget = new Budget(heldBytesOf(limits));
    const accept = createAccept(service, connections, limits, budget);
    if (shortDepIds) log("WARNING", SHORT_DEPIDS);
    if (anonymous.has("@db-admin") && !readOnly) log("WARNING", ANYBODY_MAY_DELETE);
    const { tls, reusePort = false, allowHosts = [] } = options;
    const net = { tls, reusePort, handshakeMs: limits.greetingMs };
    const listener = await listen(address, accept, {
      ...net,
      maxMessage: limits.messageSize,
      hosts: createHosts(address, allowHosts),
    });
    log("INFO", `listening on ${listener.address}`);
    listeners.push(listener);
    const http =
      options.http === undefined
        ? undefined
        : await listenForHttp(options.http, service, { ...limits, ...net, allowHosts, budget });
    if (http !== undefined) listeners.push(http);
    let closed: Promise<void> | undefined;
    const endWatch = watchStorage(storage, log);
    const close = async () => {
      endWatch();
      await Promise.all(listeners.map((one) => one.close()));
      for (const connection of connections) connection.finish();
      await Promise.all([...connections].map((connection) => connection.closed));
      await backfill.idle();
      await upstream?.close();
      await own?.close();
    };
    return {
      address: listener.address,
      httpUrl: http?.url,
      status: () => ({
        connections: connections.size,
        upstreamAvailable: upstream?.available,
        pendingReports: storage.pendingReports,
      }),
      check: () => storage.check(),
      size: () => storage.sizeInBytes(),
      renewTls(renewed) {
        if (tls === undefined)
          throw new InvalidOptionsError("a server that was started without a certificate has no TLS");
        checkCertificate(renewed);
        for (const one of listeners) one.renewTls(renewed);
      },
      close() {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    for (const one of listeners) await one.close();
    await upstream?.close();
    await own?.close();
    throw error;
  }
}

const READ_ONLY_UPSTREAM = "a server that may not write cannot have an upstream: it has nowhere to store what it finds";
const SHORT_DEPIDS =
  "unihashes of 32 and 40 digits are taken over HTTP (--short-depids): BitBake 5.0 and later ends builds that get one, give those another database";
const ANYBODY_MAY_DELETE =
  "anybody who can connect may delete everything: anonymous users have @db-admin (--safe-defaults takes it away)";

/** Without writing, an administrator is known only as long as the server runs. */
async function createAccounts(storage: Storage, admin: Credentials | undefined, readOnly: boolean): Promise<Accounts> {
  if (readOnly && admin !== undefined) {
    const { username, token } = admin;
    return new Accounts({ storage, admin: { username, token: hashToken(token), permissions: ["@all"] } });
  }
  const accounts = new Accounts({ storage });
  if (admin !== undefined) await accounts.ensureAdmin(admin);
  return accounts;
}

async function listenForHttp(
  bind: string,
  service: Service,
  options: Limits & NetOptions & { readonly allowHosts: readonly string[]; readonly budget: Budget },
): Promise<HttpListener> {
  const { messageSize: maxBytes, budget } = options;
  const hosts = createHosts(parseAddress(bind), options.allowHosts);
  const listener = await listenHttp(
    bind,
    createHttpInterface(service, hosts, { ...(maxBytes === undefined ? {} : { maxBytes }), budget }),
    options,
  );
  service.log("INFO", `HTTP at ${listener.url}`);
  return listener;
}

function createHosts(bound: Address, allowed: readonly string[]): Hosts {
  return new Hosts("host" in bound ? bound.host : "", allowed);
}

function createAccept(service: Service, connections: Set<Connection>, limits: Limits, budget: Budget): Accept {
  const shared = { turn: new Turn(), budget };
  return (transport) => {
    shared.turn.arrived();
    const { framing, address } = transport;
    const session = new Session({ service, framing, maxMessage: limits.messageSize, address });
    const connection = new Connection(transport, session, shared);
    if (connections.size >= limits.connections) {
      connection.refuse(new LimitError(`the server has its ${limits.connections} connections, try again later`));
      return;
    }
    connection.expectGreeting(limits.greetingMs);
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  };
}
