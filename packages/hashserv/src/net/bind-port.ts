import type { Server } from "node:net";
import { type Address, formatAddress } from "@depid/hashserv-protocol";
import { ListenError } from "../errors.ts";

/** An address with a port. */
export type NetAddress = Exclude<Address, { readonly type: "unix" }>;

/** A certificate and its key, as the text of PEM files. */
export interface TlsOptions {
  readonly cert: string;
  readonly key: string;
}

export interface NetOptions {
  readonly tls: TlsOptions | undefined;
  /** Whether other processes may listen on the same port, the kernel sharing connections out. */
  readonly reusePort: boolean;
  /** Milliseconds a client has for what comes before our own protocol: the handshake of TLS, the HTTP request. */
  readonly handshakeMs: number;
}

/** Has a server listen. @returns the port, which is another one if 0 was asked for; @throws {ListenError} */
export function bindPort(
  server: Server,
  address: NetAddress,
  { reusePort = false }: { readonly reusePort?: boolean } = {},
): Promise<number> {
  const { host, port } = address;
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      reject(new ListenError(formatAddress(address), reasonOf(cause), { cause }));
    };
    if (reusePort && !canReusePort(process.versions.node)) {
      reject(new ListenError(formatAddress(address), REUSE_PORT_NEEDS));
      return;
    }
    server.once("error", fail);
    server.listen({ port, ...(host === "" ? {} : { host }), ...(reusePort ? { reusePort } : {}) }, () => {
      server.off("error", fail);
      const bound = server.address();
      resolve(bound !== null && typeof bound === "object" ? bound.port : port);
    });
  });
}

const REUSE_PORT_NEEDS = `sharing a port needs Node 22.12 or later, this is ${process.versions.node}`;

/** Whether this version of Node can set SO_REUSEPORT: 22.12 and later ones can, but for 23.0. */
export function canReusePort(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 23 || (major === 23 && minor >= 1) || (major === 22 && minor >= 12);
}

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.code === "EADDRINUSE") return "another program listens there";
  if (error.code === "EACCES") return "permission denied";
  if (error.code === "ENOTFOUND" || error.code === "EAI_AGAIN") return "no such host";
  if (error.code === "EADDRNOTAVAIL") return "not an address of this machine";
  return error.message;
}
