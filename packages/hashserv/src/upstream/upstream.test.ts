import { createServer, type Socket } from "node:net";
import { type DepId, parseDepId, sha256Hex } from "@depid/hash";
import { openClient } from "@depid/hashserv-client";
import { backfillWait } from "@depid/hashserv-protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { silent } from "../log.ts";
import { type Server, type ServerOptions, startServer } from "../server.ts";
import { createService } from "../service.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { connectUpstream } from "./connect-upstream.ts";

let cleanUp: (() => unknown)[];
beforeEach(() => {
  cleanUp = [];
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
});

const depid = (text: string): DepId => parseDepId(sha256Hex(text));
const report = (taskhash: string, outhash = `out ${taskhash}`) => ({
  method: "m",
  taskhash,
  outhash,
  depid: depid(taskhash),
});

async function start(options: Partial<ServerOptions> & { readonly storage: Storage }): Promise<Server> {
  const server = await startServer({ bind: "127.0.0.1:0", ...options });
  cleanUp.push(() => server.close());
  return server;
}

async function connect(server: Server) {
  const client = await openClient(server.address);
  cleanUp.push(() => client.close());
  return client;
}

/** A server, its upstream, and a client of each. */
async function startPair() {
  const [above, here] = [createMemoryStorage(), createMemoryStorage()];
  const upstream = await start({ storage: above });
  const server = await start({ storage: here, upstream: upstream.address });
  return { above, here, upstream, server, up: await connect(upstream), client: await connect(server) };
}

/** Something that listens and is no hash server. */
async function startFake(behave: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const fake = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    behave(socket);
  });
  await new Promise<void>((resolve) => fake.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => {
    for (const socket of sockets) socket.destroy();
    fake.close();
  });
  return `127.0.0.1:${(fake.address() as { port: number }).port}`;
}

describe("what is found upstream", () => {
  it("by a stream is answered at once, and stored behind the answer", async () => {
    const { up, client, here } = await startPair();
    await up.reportAll(["a", "b", "c"].map((taskhash) => report(taskhash)));
    await client.report(report("d"));
    const keys = ["a", "x", "d", "c", "a"].map((taskhash) => ({ method: "m", taskhash }));
    const expected = [depid("a"), undefined, depid("d"), depid("c"), depid("a")];
    expect(await client.getDepIds(keys)).toEqual(expected);
    await client.call(backfillWait, {});
    expect(await here.read.findDepIds(keys)).toEqual(expected);
  });

  it("by its depid is there, and stored nowhere", async () => {
    const { up, client, here } = await startPair();
    await up.report(report("a"));
    await client.report(report("b"));
    expect(await client.depIdsExist([depid("a"), depid("x"), depid("b"), "no depid"])).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(await here.read.depIdsExist([depid("a")])).toEqual([false]);
  });

  it("row by row keeps its time and details, not its number", async () => {
    const { up, client, here, above } = await startPair();
    await client.report(report("z"));
    await up.report({ ...report("a"), details: { PN: "zlib", owner: "me" } });
    const theirs = await above.read.findOldestOfTask({ method: "m", taskhash: "a" });
    const ours = await client.getRow({ method: "m", taskhash: "a" });
    expect(ours).toEqual({ ...theirs, id: ours?.id });
    expect(await here.read.findOldestOfTask({ method: "m", taskhash: "a" })).toEqual(ours);
    await up.report(report("b", "out"));
    expect(await client.getOutHash({ method: "m", outhash: "out", taskhash: "?" })).toMatchObject({ taskhash: "b" });
    expect(await client.get({ method: "m", taskhash: "nowhere" })).toBeUndefined();
  });

  it("decides what a report with that output gets, unless something here does", async () => {
    const { up, client, above } = await startPair();
    await up.report(report("a", "same"));
    expect(await client.report(report("b", "same"))).toBe(depid("a"));
    expect(await client.report(report("c", "same"))).toBe(depid("a"));
    await client.report(report("d", "ours"));
    await up.report(report("e", "ours"));
    expect(await client.report(report("f", "ours"))).toBe(depid("d"));
    // Nothing is reported to it.
    expect(await above.read.depIdsExist([depid("b"), depid("d")])).toEqual([false, false]);
  });
});

/** Everything a client may ask, with an upstream that knows nothing. */
async function askAll(address: string) {
  const server = await start({ storage: createMemoryStorage(), upstream: address });
  const client = await connect(server);
  expect(await client.getDepIds([{ method: "m", taskhash: "a" }])).toEqual([undefined]);
  expect(await client.depIdsExist([depid("a")])).toEqual([false]);
  expect(await client.get({ method: "m", taskhash: "a" })).toBeUndefined();
  expect(await client.getRow({ method: "m", taskhash: "a" })).toBeUndefined();
  expect(await client.getOutHash({ method: "m", taskhash: "a", outhash: "o" })).toBeUndefined();
  expect(await client.report(report("b"))).toBe(depid("b"));
  expect(await client.getDepIds([{ method: "m", taskhash: "b" }])).toEqual([depid("b")]);
  await client.ping();
  return { server, client };
}

describe("an upstream knows nothing, and nobody is closed,", () => {
  it("when it refuses", async () => {
    await askAll((await start({ storage: createMemoryStorage(), anonymous: [] })).address);
  });

  it("when nobody is there", async () => {
    const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
    await server.close();
    await askAll(server.address);
  });

  it.each<[string, (socket: Socket) => void]>([
    ["hangs up", (socket) => socket.destroy()],
    ["hangs up when something is asked", (socket) => socket.once("data", () => socket.destroy())],
    ["talks nonsense", (socket) => socket.on("data", () => socket.write("what?\n".repeat(50)))],
    ["talks bytes", (socket) => socket.write(Buffer.from([0xff, 0x0a]))],
  ])("when it %s", async (_what, behave) => {
    await askAll(await startFake(behave));
  });

  it("when it says nothing; then it is left alone, so that nobody waits again", async () => {
    const address = await startFake((socket) => socket.resume());
    const warnings: string[] = [];
    const log = (_level: string, text: string) => void warnings.push(text);
    const upstream = connectUpstream(address, { log, deadlineMs: 50, now: () => 0 });
    const key = { method: "m", taskhash: "a" };
    expect(await upstream.findDepId(key)).toBeUndefined();
    expect(upstream.available).toBe(false);
    const start = performance.now();
    for (let i = 0; i < 100; i++) expect(await upstream.findDepIds([key])).toEqual([undefined]);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(warnings).toEqual([expect.stringContaining(`upstream ${address}: `)]);
    await upstream.close();
  });

  it("when it dies; when it is back, it is asked again", async () => {
    const storage = createMemoryStorage();
    const first = await startServer({ bind: "127.0.0.1:0", storage });
    let now = 0;
    const upstream = connectUpstream(first.address, { log: silent, deadlineMs: 2_000, now: () => now });
    cleanUp.push(() => upstream.close());
    const service = createService({ storage, upstream });
    expect(service.upstream?.available).toBe(true);
    await storage.transaction((rows) => rows.insertEquivalence({ method: "m", taskhash: "a", depid: depid("a") }));
    const ask = () => upstream.findDepIds([{ method: "m", taskhash: "a" }]);
    expect(await ask()).toEqual([depid("a")]);
    await first.close();
    expect(await ask()).toEqual([undefined]);
    await start({ storage, bind: first.address });
    expect(await ask()).toEqual([undefined]);
    now = 60_000;
    expect(await ask()).toEqual([depid("a")]);
  });
});

it("a server closes while its upstream hangs, and answers what is in hand", async () => {
  let asked = () => {};
  const heard = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const address = await startFake((socket) => socket.on("data", () => asked()));
  const server = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage(), upstream: address });
  const client = await openClient(server.address);
  const answer = client.get({ method: "m", taskhash: "a" }).catch((error: Error) => error.message);
  await heard;
  await server.close();
  expect([undefined, `hash equivalence server at ${server.address}: connection closed by the server`]).toContain(
    await answer,
  );
  await client.close();
});
