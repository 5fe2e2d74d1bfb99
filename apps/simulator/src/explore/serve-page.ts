import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { type Page, policyOf } from "@depid/explorer/fs";
import { isSystemError } from "@depid/hash";
import { ExploreError } from "./errors.ts";

export interface PageServer {
  /** With the token: who has it sees the page. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves one page on 127.0.0.1, to who knows the token and asks this server by its own name. All data is in the page: nothing else is ever asked for, and
 * nothing else is answered.
 *
 * @param text the page as one file
 * @param port 0: one that is free
 * @param token no character that means something in an address
 * @throws {ExploreError} when the port is not to be had
 */
export async function servePage(text: string, page: Page, port: number, token: string): Promise<PageServer> {
  const bytes = Buffer.from(text);
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `${policyOf(page)}; frame-ancestors 'none'`,
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
  };
  const server = createServer((request, response) => {
    const status = statusOf(request, (server.address() as AddressInfo).port, token);
    if (status !== 200) {
      response.writeHead(status, { "content-type": "text/plain", "cache-control": "no-store" });
      return void response.end(`${SAYS[status]}\n`);
    }
    response.writeHead(200, { ...headers, "content-length": bytes.length });
    response.end(request.method === "HEAD" ? undefined : bytes);
  });
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    throw new ExploreError(`port ${port}: cannot be listened on: ${cause.message}`, { cause });
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/?token=${token}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const BASE = "http://127.0.0.1";

const SAYS = {
  400: "This server is asked by its own name alone.",
  403: "The address needs the token that depid explore printed.",
  404: "There is one page here, and nothing else.",
  405: "The page is read, and nothing else.",
} as const;

/** A page elsewhere that has its own name lead here (DNS rebinding) is told apart by the name that it asks for. */
function statusOf(
  { method, url = "", headers }: IncomingMessage,
  port: number,
  token: string,
): 200 | keyof typeof SAYS {
  if (headers.host !== `127.0.0.1:${port}` && headers.host !== `localhost:${port}`) return 400;
  if (method !== "GET" && method !== "HEAD") return 405;
  // What is no address at all, such as `//`, is answered too.
  if (!URL.canParse(url, BASE)) return 404;
  const { pathname, searchParams } = new URL(url, BASE);
  if (pathname !== "/") return 404;
  return searchParams.get("token") === token ? 200 : 403;
}
