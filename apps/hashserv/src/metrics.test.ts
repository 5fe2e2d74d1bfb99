import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, sha256Hex } from "@depid/hash";
import { createMemoryStorage, startServer } from "@depid/hashserv";
import { openClient, ServerError } from "@depid/hashserv-client";
import { expect, it, vi } from "vitest";
import { createMetricsPages, Metrics } from "./metrics.ts";

const A = parseDepId(sha256Hex("a"));

/** The lines of our own metrics but for times. */
function readOwn(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.startsWith("depid_") && !/_(bucket|sum)[{ ]/.test(line));
}

it("metrics tell requests by name, hits and misses, refusals, connections and the size of the database", async () => {
  const directory = await mkdtemp(join(tmpdir(), "hashserv-"));
  const database = join(directory, "x.db");
  const metrics = new Metrics();
  const server = await startServer({ bind: "127.0.0.1:0", database, observer: metrics.observer });
  metrics.watch(server);
  const client = await openClient(server.address);
  const other = await openClient(server.address);
  await client.report({ method: "m", taskhash: "t", outhash: "o", depid: A });
  await client.getDepIds(["t", "u", "v"].map((taskhash) => ({ method: "m", taskhash })));
  await client.depIdsExist([A, "x"]);
  await client.get({ method: "m", taskhash: "u" });
  await expect(other.call({ name: "toString", formatArguments: () => 1, parseAnswer: () => 1 }, {})).rejects.toThrow(
    ServerError,
  );
  await expect.poll(() => server.status().connections).toBe(1);
  const response = await createMetricsPages(metrics, server).request("/metrics");
  expect(response.headers.get("content-type")).toContain("text/plain");
  const text = await response.text();
  expect(text).toContain("process_cpu_seconds_total");
  const lines = readOwn(text);
  expect(lines.filter((line) => !line.includes("_bytes")).toSorted()).toEqual([
    "depid_hashserv_connections 1",
    "depid_hashserv_database_available 1",
    'depid_hashserv_lookups_total{request="exists-stream",result="hit"} 1',
    'depid_hashserv_lookups_total{request="exists-stream",result="miss"} 1',
    'depid_hashserv_lookups_total{request="get",result="hit"} 0',
    'depid_hashserv_lookups_total{request="get",result="miss"} 1',
    'depid_hashserv_lookups_total{request="get-stream",result="hit"} 1',
    'depid_hashserv_lookups_total{request="get-stream",result="miss"} 2',
    "depid_hashserv_refused_total 1",
    expect.stringContaining('request_seconds_count{request="exists-stream"}'),
    'depid_hashserv_request_seconds_count{request="get"} 1',
    expect.stringContaining('request_seconds_count{request="get-stream"}'),
    'depid_hashserv_request_seconds_count{request="report"} 1',
    'depid_hashserv_requests_total{request="exists-stream"} 3',
    'depid_hashserv_requests_total{request="get"} 1',
    'depid_hashserv_requests_total{request="get-stream"} 4',
    'depid_hashserv_requests_total{request="report"} 1',
  ]);
  expect(text).toMatch(/^depid_hashserv_database_bytes\{file="main"\} [1-9]\d+$/m);
  expect(text).toMatch(/^depid_hashserv_database_bytes\{file="wal"\} [1-9]\d+$/m);
  await Promise.all([client.close(), other.close()]);
  await server.close();
  await rm(directory, { recursive: true });
});

it("an upstream is told of where there is one", async () => {
  const upstream = await startServer({ bind: "127.0.0.1:0", storage: createMemoryStorage() });
  const options = { bind: "127.0.0.1:0", storage: createMemoryStorage(), upstream: upstream.address };
  const server = await startServer(options);
  const metrics = new Metrics();
  metrics.watch(server);
  expect(readOwn(await metrics.text())).toContain("depid_hashserv_upstream_available 1");
  await server.close();
  await upstream.close();
});

it("reports that are written behind are told of while they are pending", async () => {
  const directory = await mkdtemp(join(tmpdir(), "hashserv-"));
  const server = await startServer({ bind: "127.0.0.1:0", database: join(directory, "x.db"), writeBehind: true });
  const metrics = new Metrics();
  metrics.watch(server);
  const client = await openClient(server.address);
  await client.report({ method: "m", taskhash: "t", outhash: "o", depid: A });
  expect(readOwn(await metrics.text())).toContain("depid_hashserv_pending_reports 1");
  await expect.poll(async () => readOwn(await metrics.text())).toContain("depid_hashserv_pending_reports 0");
  await client.close();
  await server.close();
  await rm(directory, { recursive: true });
});

const status = () => ({ connections: 0, upstreamAvailable: undefined, pendingReports: undefined });
const check = async () => {};

it.each([
  ["takes nothing on disk", async () => undefined],
  ["does not answer", () => Promise.reject(new Error("disk on fire"))],
  ["hangs", () => new Promise<undefined>(() => {})],
])("the other numbers are told where the database %s", async (_what, size) => {
  const metrics = new Metrics();
  metrics.watch({ status, size, check });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const text = metrics.text();
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  expect(readOwn(await text)).toEqual([
    "depid_hashserv_refused_total 0",
    "depid_hashserv_database_available 1",
    "depid_hashserv_connections 0",
  ]);
});

it.each([
  ["answers", async () => {}, 1],
  ["refuses reports", () => Promise.reject(new Error("disk on fire")), 0],
  ["hangs", () => new Promise<void>(() => {}), 0],
])("metrics tell of a database that %s", async (_what, check, available) => {
  const metrics = new Metrics();
  metrics.watch({ status, size: async () => undefined, check });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const text = metrics.text();
  await vi.advanceTimersByTimeAsync(2_000);
  vi.useRealTimers();
  expect(readOwn(await text)).toContain(`depid_hashserv_database_available ${available}`);
});

it("health is that the database answers", async () => {
  const ask = async (check: () => Promise<void>) => {
    const response = await createMetricsPages(new Metrics(), { status, size: async () => undefined, check }).request(
      "/healthz",
    );
    return [response.status, await response.json()];
  };
  expect(await ask(async () => {})).toEqual([200, { status: "ok" }]);
  expect(await ask(() => Promise.reject(new Error("disk on fire")))).toEqual([
    503,
    { status: "failing", error: "disk on fire" },
  ]);
});
