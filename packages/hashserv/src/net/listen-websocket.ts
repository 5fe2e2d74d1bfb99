import { createServer, type IncomingMessage } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { DEFLATE, formatAddress, KEEP_ALIVE } from "@depid/hashserv-protocol";
import { WebSocketServer } from "ws";
import { bindPort, type NetAddress, type NetOptions } from "./bind-port.ts";
import { renewCertificate } from "./certificate.ts";
import type { Hosts } from "./hosts.ts";
import { httpTimeouts } from "./http-timeouts.ts";
import type { Accept, Listener } from "./listener.ts";
import { WebSocketTransport } from "./websocket-transport.ts";

/** Characters a message may have, as in the reference; the connection is closed with code 1009 when one has more. */
const MAX_MESSAGE = 1 << 20;

export interface WebSocketOptions extends NetOptions {
  /** Bytes a message may have; 1 Mi unless told. */
  readonly maxMessage?: number | undefined;
  /** Which pages may use it; pages tell their origin, other clients do not and may use it under any name. */
  readonly hosts: Hosts;
}

/** Listens for WebSocket connections on any path, over TLS if a certificate is given. @throws {ListenError} */
export async function listenWebSocket(
  address: NetAddress,
  accept: Accept,
  options: WebSocketOptions,
): Promise<Listener> {
  const { tls, handshakeMs, maxMessage = MAX_MESSAGE, hosts } = options;
  const http = { ...KEEP_ALIVE, ...httpTimeouts(handshakeMs) };
  const server =
    tls === undefined ? createServer(http) : createTlsServer({ ...http, ...tls, handshakeTimeout: handshakeMs });
  const upgrades = new WebSocketServer({ noServer: true, maxPayload: maxMessage, perMessageDeflate: DEFLATE });
  server.on("request", (_request, response) => {
    response.writeHead(426, { "content-type": "text/plain", upgrade: "websocket" }).end("WebSocket only\n");
  });
  server.on("upgrade", (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const { host, origin } = request.headers;
    const fault = origin === undefined ? undefined : hosts.faultOf({ host, origin });
    if (fault !== undefined) socket.end(refusal(fault));
    else
      upgrades.handleUpgrade(request, socket, head, (webSocket) => accept(new WebSocketTransport(webSocket, socket)));
  });
  const port = await bindPort(server, address, options);
  return {
    address: formatAddress({ ...address, port }),
    renewTls: (tls) => renewCertificate(server, tls),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function refusal(reason: string): string {
  const body = `${reason}\n`;
  const headers = `Connection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}`;
  return `HTTP/1.1 403 Forbidden\r\n${headers}\r\n\r\n${body}`;
}
