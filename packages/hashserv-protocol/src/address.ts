import { InvalidAddressError } from "./errors.ts";

/** Where a server listens (section 2). */
export type Address =
  | { readonly type: "unix"; readonly path: string }
  /** `host` is a name or number, without brackets; "" stands for all addresses, and for this machine to a client. */
  | { readonly type: "tcp"; readonly host: string; readonly port: number };

const TCP = /^(?:\[(?<v6>[0-9A-Fa-f:.%\w]+)\]|(?<host>[^\s:/[\]]*)):(?<port>[0-9]{1,5})$/;

/** Reads `unix://PATH`, `HOST:PORT` or `[V6ADDR]:PORT`. @throws {InvalidAddressError} */
export function parseAddress(text: string): Address {
  if (text.startsWith("unix://")) {
    const path = text.slice("unix://".length);
    if (path === "" || path.endsWith("/") || path.includes("\0")) throw new InvalidAddressError(text);
    return { type: "unix", path };
  }
  const groups = TCP.exec(text)?.groups;
  const port = Number(groups?.port);
  if (groups === undefined || port > 65535) throw new InvalidAddressError(text);
  return { type: "tcp", host: groups.v6 ?? groups.host ?? "", port };
}

/** The inverse of `parseAddress`. */
export function formatAddress(address: Address): string {
  if (address.type === "unix") return `unix://${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  return `${host}:${address.port}`;
}
