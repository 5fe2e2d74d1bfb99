import { createServer, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { formatAddress, KEEP_ALIVE } from "@depid/hashserv-protocol";
import { bindPort, type NetAddress, type NetOptions } from "./bind-port.ts";
import { renewCertificate } from "./certificate.ts";
import type { Accept, Listener } from "./listener.ts";
import { SocketTransport } from "./socket-transport.ts";

/** Listens for TCP, or TLS over it. "" stands for all addresses, v4 and v6; port 0 takes a free one. @throws {ListenError} */
export async function listenTcp(address: NetAddress, accept: Accept, options: NetOptions): Promise<Listener> {
  const socketOptions = { allowHalfOpen: true, ...KEEP_ALIVE };
  const take = (socket: Socket) => accept(new SocketTransport(socket));
  const server =
    options.tls === undefined
      ? createServer(socketOptions, take)
      : createTlsServer({ ...socketOptions, ...options.tls, handshakeTimeout: options.handshakeMs }, take);
  // A handshake that fails, or takes too long, is told here, and the socket left open.
  server.on("tlsClientError", (_error: Error, socket: Socket) => socket.destroy());
  const port = await bindPort(server, address, options);
  return {
    address: formatAddress({ ...address, port }),
    renewTls: (tls) => renewCertificate(server, tls),
    close: async () => void server.close(),
  };
}
