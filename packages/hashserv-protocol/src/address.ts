import { InvalidAddressError } from "./errors.ts";

/** Where a server listens (section 2). */
export type Address =
  | { readonly type: "unix"; readonly path: string }
  /** `host` is a name or number, without brackets; "" stands for all addresses, and for this machine to a client. */
  | { readonly type: "tcp" | "tls"; readonly host: string; readonly port: number }
  /** `path` is "" or begins with a slash. A server listens on all paths. */
  | { readonly type: "ws" | "wss"; readonly host: string; readonly port: number; readonly path: string };

const NET =
  /^(?:(?<scheme>tls|wss?):\/\/)?(?:\[(?<v6>[0-9A-Fa-f:.%\w]+)\]|(?<host>[^\s:/[\]]*))(?::(?<port>[0-9]{1,5}))?(?<path>\/\S*)?$/;
/** Ports of WebSocket addresses that name none. */
const DEFAULT_PORTS: Readonly<Record<string, string>> = { ws: "80", wss: "443" };

/**
 * Reads `unix://PATH`, `HOST:PORT`, or `tls://`, `ws://`, `wss://` and `HOST:PORT`; a HOST with colons is in brackets.
 * A WebSocket address may have a path, and may name no port if it names a host.
 *
 * @throws {InvalidAddressError}
 */
export function parseAddress(text: string): Address {
  if (text.startsWith("unix://")) {
    const path = text.slice("unix://".length);
    if (path === "" || path.endsWith("/") || path.includes("\0")) throw new InvalidAddressError(text);
    return { type: "unix", path };
  }
  const groups = NET.exec(text)?.groups;
  if (groups === undefined) throw new InvalidAddressError(text);
  const { scheme = "tcp", path = "" } = groups;
  const host = groups.v6 ?? groups.host ?? "";
  const port = Number(groups.port ?? (host === "" ? undefined : DEFAULT_PORTS[scheme]));
  if (!(port <= 65535)) throw new InvalidAddressError(text);
  if (scheme === "ws" || scheme === "wss") return { type: scheme, host, port, path };
  if (path !== "") throw new InvalidAddressError(text);
  return { type: scheme === "tls" ? "tls" : "tcp", host, port };
}

/** The inverse of `parseAddress`; the port is always told. */
export function formatAddress(address: Address): string {
  if (address.type === "unix") return `unix://${address.path}`;
  const host = address.host.includes(":") ? `[${address.host}]` : address.host;
  const scheme = address.type === "tcp" ? "" : `${address.type}://`;
  return `${scheme}${host}:${address.port}${"path" in address ? address.path : ""}`;
}
