import { join } from "node:path";
import { type ServerOptions, startServer } from "@depid/hashserv";
import { DatabaseSync } from "@photostructure/sqlite";
import type { LaunchedServer, Launcher } from "./launcher.ts";

/**
 * Our server within this process, on real sockets and on files in a directory. It cannot be killed without us: its end
 * is always orderly.
 *
 * @param others options for every server, say limits
 */
export function createOwnLauncher(directory: string, others: Partial<ServerOptions> = {}): Launcher {
  const addresses = new Map<string, string>();
  const fileOf = (database: string) => join(directory, `${database}.db`);
  return {
    async createDatabase(name, sql) {
      const db = new DatabaseSync(fileOf(name));
      db.exec(sql);
      db.close();
    },
    async start(name, { net, database, readOnly, anonymous, admin, upstream }): Promise<LaunchedServer> {
      const bind = addresses.get(name) ?? newAddress(net, join(directory, `${name}.sock`));
      const server = await startServer({
        ...others,
        bind,
        database: fileOf(database),
        readOnly,
        ...(anonymous === undefined ? {} : { anonymous }),
        ...(admin === undefined ? {} : { admin }),
        ...(upstream === undefined ? {} : { upstream: addresses.get(upstream) ?? upstream }),
      });
      addresses.set(name, server.address);
      const stop = () => server.close();
      return { address: server.address, stop, kill: stop };
    },
  };
}

function newAddress(net: "tcp" | "unix" | "ws", socket: string): string {
  if (net === "unix") return `unix://${socket}`;
  return net === "ws" ? "ws://127.0.0.1:0" : "127.0.0.1:0";
}
