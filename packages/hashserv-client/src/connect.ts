import { createConnection, type Socket } from "node:net";
import { type Address, formatAddress } from "@depid/hashserv-protocol";
import { MAX_SOCKET_PATH_BYTES, withShortPath } from "@depid/hashserv-protocol/fs";
import { ConnectionError } from "./errors.ts";

/** Milliseconds without traffic after which the system asks whether the server is still there. */
const KEEP_ALIVE_MS = 30_000;

/** Opens a socket. @throws {ConnectionError} "unreachable", or "timeout" after `timeoutMs` */
export async function connect(address: Address, timeoutMs: number): Promise<Socket> {
  if (address.type === "tcp") {
    const host = address.host === "" ? "localhost" : address.host;
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    return connected(address, createConnection({ host, port: address.port, noDelay: true, ...keepAlive }), timeoutMs);
  }
  if (Buffer.byteLength(address.path) <= MAX_SOCKET_PATH_BYTES) {
    return connected(address, createConnection(address.path), timeoutMs);
  }
  return withShortPath(address.path, (path) => connected(address, createConnection(path), timeoutMs));
}

function connected(address: Address, socket: Socket, timeoutMs: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      socket.destroy();
      reject(new ConnectionError(formatAddress(address), "timeout", `no connection within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const fail = (cause: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new ConnectionError(formatAddress(address), "unreachable", reasonOf(cause), { cause }));
    };
    socket.once("error", fail);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "connection refused";
  if (error.code === "ENOENT") return "no such socket";
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return "no such host";
  return error.message || String(error.code);
}
