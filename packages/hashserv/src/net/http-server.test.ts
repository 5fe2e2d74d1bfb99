import { parseDepId, sha256Hex } from "@depid/hash";
import { ConnectionError, openClient, openHttpClient, ServerError } from "@depid/hashserv-client";
import { expect, it } from "vitest";
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

it("a server whose HTTP port is taken does not start, and leaves nothing open", () =>
  withServer(async ({ httpUrl = "" }) => {
    const options = { bind: "127.0.0.1:0", http: httpUrl.slice("http://".length), storage: createMemoryStorage() };
    await expect(startServer(options)).rejects.toThrow("another program listens there");
    await expect(startServer({ ...options, http: "nonsense" })).rejects.toThrow("address: expected");
  }));
