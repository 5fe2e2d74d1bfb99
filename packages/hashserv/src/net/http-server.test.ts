import { parseDepId, sha256Hex } from "@depid/hash";
import { ConnectionError, openClient, openHttpClient, ServerError } from "@depid/hashserv-client";
import { expect, it } from "vitest";
import { WebSocket } from "ws";
import { type Server, startServer } from "../server.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";

const [A, B] = [parseDepId(sha256Hex("a")), parseDepId(sha256Hex("b"))];

async function withServer(use: (server: Server, url: string) => Promise<void>): Promise<void> {
  const server = await startServer({ bind: "127.0.0.1:0", http: "127.0.0.1:0", storage: createMemoryStorage() });
  try {
    await use(server, server.httpUrl ?? "");
  } finally {
    await server.close();
  }
}

it("clients of either interface see what those of the other report", () =>
  withServer(async ({ address }, url) => {
    const [line, http] = [await openClient(address), openHttpClient(`${url}/`)];
    const report = (taskhash: string, depid: typeof A) => ({ method: "m", taskhash, outhash: "o", depid });
    expect(await http.reportAll([report("t1", A), report("t2", B)])).toEqual([A, A]);
    expect(await line.report({ ...report("t3", B), details: { PN: "zlib" } })).toBe(A);
    const queries = ["t3", "t4", "t1"].map((taskhash) => ({ method: "m", taskhash }));
    expect(await http.getDepIds(queries)).toEqual([A, undefined, A]);
    expect(await line.getDepIds(queries)).toEqual([A, undefined, A]);
    expect((await line.stats()).count).toBe(10);
    await line.close();
  }));

it("an HTTP client is told why not", () =>
  withServer(async (_server, url) => {
    const http = openHttpClient(url);
    const report = { method: "m", taskhash: "t", outhash: "o", depid: "x" as typeof A };
    await expect(http.reportAll([report])).rejects.toThrow(new ServerError("Invalid unihash"));
    await expect(openHttpClient(`${url}/x`).getDepIds([{ method: "m", taskhash: "t" }])).rejects.toThrow(ServerError);
    const nobody = openHttpClient("http://127.0.0.1:1").getDepIds([{ method: "m", taskhash: "t" }]);
    await expect(nobody).rejects.toThrow(ConnectionError);
    await expect(nobody).rejects.toThrow("no hash equivalence server answers at http://127.0.0.1:1: ");
  }));

it.each([
  ["a client that is no page, under any name", { host: "hash.example" }, "open"],
  ["a page of the server itself", { origin: "http://127.0.0.1:PORT" }, "open"],
  ["a page of a name that was added", { origin: "https://ci.example" }, "open"],
  ["a page of another site", { origin: "http://evil.example" }, "403"],
  ["a page under another name for the server", { host: "evil.example", origin: "http://evil.example" }, "403"],
])("a WebSocket is opened for programs and pages of the server: %s", async (_who, headers, expected) => {
  const options = { bind: "ws://127.0.0.1:0", allowHosts: ["ci.example"], storage: createMemoryStorage() };
  const server = await startServer(options);
  try {
    const port = server.address.split(":").at(-1) ?? "";
    const told = Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, text.replace("PORT", port)]));
    const webSocket = new WebSocket(server.address, { headers: told });
    const outcome = await new Promise((resolve) => {
      webSocket.once("open", () => resolve("open"));
      webSocket.once("error", (error) => resolve(/\d{3}/.exec(error.message)?.[0] ?? error.message));
    });
    expect(outcome).toBe(expected);
    webSocket.terminate();
  } finally {
    await server.close();
  }
});

it("a server whose HTTP port is taken does not start, and leaves nothing open", () =>
  withServer(async ({ httpUrl = "" }) => {
    const options = { bind: "127.0.0.1:0", http: httpUrl.slice("http://".length), storage: createMemoryStorage() };
    await expect(startServer(options)).rejects.toThrow("another program listens there");
    await expect(startServer({ ...options, http: "nonsense" })).rejects.toThrow("address: expected");
  }));
