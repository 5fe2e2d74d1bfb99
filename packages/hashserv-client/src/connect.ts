import { createConnection, type Socket } from "node:net";
import { type Address, formatAddress } from "@depid/hashserv-protocol";
import { MAX_SOCKET_PATH_BYTES, withShortPath } from "@depid/hashserv-protocol/fs";
import { ConnectionError } from "./errors.ts";

/** Milliseconds without traffic after which the system asks whether the server is still there. */
const KEEP_ALIVE_MS = 30_000;

export interface ConnectOptions {
  /** Milliseconds to wait for a connection. */
  readonly timeoutMs: number;
  /** Breaks off the attempt. */
  readonly signal: AbortSignal | undefined;
}

/** Opens a socket. @throws {ConnectionError} "unreachable" or "timeout"; @throws the signal's reason */
export async function connect(address: Address, options: ConnectOptions): Promise<Socket> {
  if (address.type === "tcp") {
    const host = address.host === "" ? "localhost" : address.host;
    const keepAlive = { keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_MS };
    return connected(address, createConnection({ host, port: address.port, noDelay: true, ...keepAlive }), options);
  }
  if (Buffer.byteLength(address.path) <= MAX_SOCKET_PATH_BYTES) {
    return connected(address, createConnection(address.path), options);
  }
  return withShortPath(address.path, (path) => connected(address, createConnection(path), options));
}

function connected(address: Address, socket: Socket, { timeoutMs, signal }: ConnectOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      socket.off("error", fail);
    };
    const giveUp = (reason: unknown) => {
      settle();
      socket.on("error", () => {}).destroy();
      reject(reason);
    };
    const timer = setTimeout(() => {
      giveUp(new ConnectionError(formatAddress(address), "timeout", `no connection within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    const abort = () => giveUp(signal?.reason);
    const fail = (cause: NodeJS.ErrnoException) => {
      giveUp(new ConnectionError(formatAddress(address), "unreachable", reasonOf(cause), { cause }));
    };
    signal?.addEventListener("abort", abort);
    socket.on("error", fail);
    socket.once("connect", () => {
      settle();
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
