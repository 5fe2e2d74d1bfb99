import type { Socket } from "node:net";
import { type Address, parseAddress } from "@depid/hashserv-protocol";
import { COMMANDS } from "./commands.ts";
import { Connection } from "./connection.ts";
import { listenTcp } from "./listen-tcp.ts";
import { listenUnix } from "./listen-unix.ts";
import type { Accept, Listener } from "./listener.ts";
import { type Log, silent } from "./log.ts";
import { DEFAULT_ANONYMOUS } from "./permissions.ts";
import { RequestCounter } from "./request-counter.ts";
import { Session } from "./session.ts";
import { openSqliteStorage } from "./storage/sqlite.ts";
import type { Storage } from "./storage.ts";

export type ServerOptions = {
  /** Where to listen: `unix://PATH`, `HOST:PORT` or `[V6ADDR]:PORT`; port 0 takes a free one. */
  readonly bind: string;
  readonly log?: Log;
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
  const accept = createAccept("storage" in options ? options.storage : (own as Storage), log, connections);
  try {
    const listener = await listen(address, accept);
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

function listen(address: Address, accept: Accept): Promise<Listener> {
  return address.type === "unix" ? listenUnix(address.path, accept) : listenTcp(address.host, address.port, accept);
}

function createAccept(storage: Storage, log: Log, connections: Set<Connection>): Accept {
  const counter = new RequestCounter();
  const shared = { storage, counter, permissions: DEFAULT_ANONYMOUS, commands: COMMANDS, log };
  return (socket: Socket) => {
    const connection = new Connection(socket, new Session(shared));
    connections.add(connection);
    void connection.closed.then(() => connections.delete(connection));
  };
}
