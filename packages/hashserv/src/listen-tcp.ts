import { createServer, type Server } from "node:net";
import { type Address, formatAddress } from "@depid/hashserv-protocol";
import { ListenError } from "./errors.ts";
import type { Accept, Listener } from "./listener.ts";

/** Milliseconds without traffic after which the system asks whether the client is still there (section 2). */
const KEEP_ALIVE_MS = 30_000;

/** Listens on a host name or number; "" stands for all addresses, v4 and v6. Port 0 takes a free one. @throws {ListenError} */
export async function listenTcp(host: string, port: number, accept: Accept): Promise<Listener> {
  const server = createServer(
    { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS },
    accept,
  );
  await bind(server, host, port);
  const bound = server.address();
  const address: Address = { type: "tcp", host, port: bound !== null && typeof bound === "object" ? bound.port : port };
  return { address: formatAddress(address), close: async () => void server.close() };
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      reject(new ListenError(formatAddress({ type: "tcp", host, port }), reasonOf(cause), { cause }));
    });
    server.listen({ port, ...(host === "" ? {} : { host }) }, resolve);
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE") return "another program listens there";
  if (error.code === "EACCES") return "permission denied";
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return "no such host";
  if (error.code === "EADDRNOTAVAIL") return "not an address of this machine";
  return error.message;
}
