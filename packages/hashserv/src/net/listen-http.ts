import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { formatAddress, InvalidAddressError, KEEP_ALIVE, parseAddress } from "@depid/hashserv-protocol";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { bindPort, type NetOptions, type TlsOptions } from "./bind-port.ts";
import { renewCertificate } from "./certificate.ts";
import { httpTimeouts } from "./http-timeouts.ts";

export interface HttpListener {
  /** `http://HOST:PORT`, or `https://` with a certificate. */
  readonly url: string;
  /** Of use with TLS alone: new connections get this certificate; those that are open keep theirs. */
  renewTls(tls: TlsOptions): void;
  /** Takes no more requests, and waits for those in hand. */
  close(): Promise<void>;
}

/** Serves an HTTP application at `HOST:PORT`. @throws {InvalidAddressError | ListenError} */
export async function listenHttp(
  bind: string,
  app: Hono,
  options: NetOptions & { readonly connections: number },
): Promise<HttpListener> {
  const address = parseAddress(bind);
  if (address.type !== "tcp") throw new InvalidAddressError(bind, "HOST:PORT for HTTP");
  const { tls, handshakeMs, connections } = options;
  const serverOptions = { ...KEEP_ALIVE, ...httpTimeouts(handshakeMs), ...tls, handshakeTimeout: handshakeMs };
  const server = createAdaptorServer({
    fetch: app.fetch,
    ...(tls === undefined ? { createServer, serverOptions } : { createServer: createTlsServer, serverOptions }),
  }) as Server;
  server.maxConnections = connections;
  const port = await bindPort(server, address, options);
  return {
    url: `${tls === undefined ? "http" : "https"}://${formatAddress({ ...address, port })}`,
    renewTls: (tls) => renewCertificate(server, tls),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}
