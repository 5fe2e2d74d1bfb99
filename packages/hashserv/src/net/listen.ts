import { type Address, formatAddress } from "@depid/hashserv-protocol";
import { CertificateError, ListenError } from "../errors.ts";
import { checkCertificate } from "./certificate.ts";
import { listenTcp } from "./listen-tcp.ts";
import { listenUnix } from "./listen-unix.ts";
import { listenWebSocket, type WebSocketOptions } from "./listen-websocket.ts";
import type { Accept, Listener } from "./listener.ts";

/**
 * Listens where an address says. With a certificate `HOST:PORT` and `ws://` mean `tls://` and `wss://`.
 *
 * @throws {ListenError}
 */
export async function listen(address: Address, accept: Accept, options: WebSocketOptions): Promise<Listener> {
  const secure = options.tls !== undefined;
  try {
    if (options.tls !== undefined) checkCertificate(options.tls);
  } catch (cause) {
    if (cause instanceof CertificateError) throw new ListenError(formatAddress(address), cause.message, { cause });
    throw cause;
  }
  switch (address.type) {
    case "unix":
      if (secure) throw new ListenError(formatAddress(address), "a unix socket has no TLS");
      return listenUnix(address.path, accept);
    case "tls":
    case "wss":
      if (!secure) throw new ListenError(formatAddress(address), "TLS needs a certificate and its key");
      break;
  }
  if (address.type === "ws" || address.type === "wss") {
    if (address.path !== "") throw new ListenError(formatAddress(address), "a server listens on all paths, name none");
    return listenWebSocket({ ...address, type: secure ? "wss" : "ws" }, accept, options);
  }
  return listenTcp({ ...address, type: secure ? "tls" : "tcp" }, accept, options);
}
