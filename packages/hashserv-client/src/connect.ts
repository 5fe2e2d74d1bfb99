import type { EventEmitter } from "node:events";
import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import { type Address, DEFLATE, formatAddress, KEEP_ALIVE, MAX_MESSAGE } from "@depid/hashserv-protocol";
import { MAX_SOCKET_PATH_BYTES, withShortPath } from "@depid/hashserv-protocol/fs";
import { ConnectionError } from "./errors.ts";
import { createSocketTransport, createWebSocketTransport, type Transport } from "./transport.ts";

export interface ConnectOptions {
  /** Milliseconds to wait for a connection. */
  readonly timeoutMs: number;
  /** Breaks off the attempt. */
  readonly signal: AbortSignal | undefined;
  /** Certificates to trust in place of the usual ones, as the text of a PEM file. */
  readonly ca: string | undefined;
}

/** Opens a socket. @throws {ConnectionError} "unreachable" or "timeout"; @throws the signal's reason */
export async function connect(address: Address, options: ConnectOptions): Promise<Transport> {
  const ca = options.ca === undefined ? {} : { ca: options.ca };
  switch (address.type) {
    case "unix":
      return connectUnix(address, options);
    case "tcp": {
      const socket = createConnection({ host: hostOf(address), port: address.port, ...KEEP_ALIVE });
      return opened(address, socket, "connect", createSocketTransport, options);
    }
    case "tls": {
      const socket = connectTls({ host: hostOf(address), port: address.port, ...KEEP_ALIVE, ...ca });
      return opened(address, socket, "secureConnect", createSocketTransport, options);
    }
    default: {
      // Most clients speak TCP or to a unix socket, and do not wait for this to be loaded.
      const { WebSocket } = await import("ws");
      options.signal?.throwIfAborted();
      const url = formatAddress({ ...address, host: hostOf(address) });
      const webSocket = new WebSocket(url, {
        maxPayload: MAX_MESSAGE,
        perMessageDeflate: DEFLATE,
        ...KEEP_ALIVE,
        ...ca,
      });
      let socket: Duplex | undefined;
      webSocket.once("upgrade", (response) => {
        socket = response.socket;
      });
      return opened(address, webSocket, "open", () => createWebSocketTransport(webSocket, socket), options);
    }
  }
}

function connectUnix(address: Address & { readonly type: "unix" }, options: ConnectOptions): Promise<Transport> {
  const open = async (path: string) =>
    opened(address, createConnection(path), "connect", createSocketTransport, options);
  return Buffer.byteLength(address.path) <= MAX_SOCKET_PATH_BYTES
    ? open(address.path)
    : withShortPath(address.path, open);
}

function hostOf({ host }: { readonly host: string }): string {
  return host === "" ? "localhost" : host;
}

/** Waits until a socket is open. */
function opened<S extends EventEmitter>(
  address: Address,
  socket: S,
  openEvent: string,
  createTransport: (socket: S) => Transport,
  { timeoutMs, signal }: ConnectOptions,
): Promise<Transport> {
  return new Promise((resolve, reject) => {
    const settle = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      socket.off("error", fail);
    };
    const giveUp = (reason: unknown) => {
      settle();
      socket.on("error", () => {});
      createTransport(socket).destroy();
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
    socket.once(openEvent, () => {
      settle();
      resolve(createTransport(socket));
    });
  });
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "ECONNREFUSED") return "connection refused";
  if (error.code === "ENOENT") return "no such socket";
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return "no such host";
  return error.message || String(error.code);
}
