import { parseAddress } from "@depid/hashserv-protocol";
import type { TlsOptions } from "./bind-port.ts";
import { COMMANDS } from "./commands.ts";
import { Connection } from "./connection.ts";
import { LimitError } from "./errors.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import { listen } from "./listen.ts";
import type { Accept } from "./listener.ts";
import { type Log, silent } from "./log.ts";
import { DEFAULT_ANONYMOUS } from "./permissions.ts";
import { RequestCounter } from "./request-counter.ts";
import { Session } from "./session.ts";
import { openSqliteStorage } from "./storage/sqlite.ts";
import type { Storage } from "./storage.ts";

export type ServerOptions = {
  /** Where to listen: `unix://PATH`, `HOST:PORT`, `ws://HOST:PORT`; port 0 takes a free one. */
  readonly bind: string;
  readonly log?: Log;
  /** With a certificate the server speaks TLS, on TCP and WebSocket. */
  readonly tls?: TlsOptions | undefined;
  /** Whether other processes may listen on the same port. Needs Node 22.12. */
  readonly reusePort?: boolean;
  readonly limits?: Partial<Limits>;
} & (
  | { /** Path of a SQLite database file. */ readonly database: string }
  | { /** Stays open when the server closes. */ readonly storage: Storage }
);

export interface Server {
  /** Where clients find it, in the form of `bind`, with the real port. */
  readonly address: string;
  /** Stops listening, answers what has arrived, ends all connections. A second call waits for the first. */
  close(): Promise<void>;
}

/**
 * Starts a hash equivalence server.
 *
 * @throws {InvalidAddressError | ListenError | StorageError}
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const address = parseAddress(options.bind);
  const log = options.log ?? silent;
  const own = "database" in options ? await openSqliteStorage(options.database) : undefined;
  const connections = new Set<Connection>();
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const storage = "storage" in options ? options.storage : (own as Storage);
  const accept = createAccept(storage, log, connections, limits);
  try {
    const listener = await listen(address, accept, {
      tls: options.tls,
      reusePort: options.reusePort ?? false,
      handshakeMs: limits.greetingMs,
      maxMessage: limits.messageSize,
    });
    log("INFO", `listening on ${listener.address}`);
    let closed: Promise<void> | undefined;
    const close = async () => {
      await listener.close();
      for (const connection of connections) connection.finish();
      await Promise.all([...connections].map((connection) => connection.closed));
      await own?.close();
    };
    return {
      address: listener.address,
      close() {
        closed ??= close();
        return closed;
      },
    };
  } catch (error) {
    await own?.close();
    throw error;
  }
}

function createAccept(storage: Storage, log: Log, connections: Set<Connection>, limits: Limits): Accept {
  const counter = new RequestCounter();
  const shared = { storage, counter, permissions: DEFAULT_ANONYMOUS, commands: COMMANDS, log };
  return (transport) => {
    const session = new Session({ ...shared, framing: transport.framing, maxMessage: limits.messageSize });
    const connection = new Connection(transport, session);
    if (connections.size >= limits.connections) {
      connection.refuse(new LimitError(`the server has its ${limits.connections} connections, try again later`));
      return;
    }
    connection.expectGreeting(limits.greetingMs);
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  };
}
