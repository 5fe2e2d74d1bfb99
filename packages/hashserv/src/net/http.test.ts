import { sha256Hex } from "@depid/hash";
import { describe, expect, it } from "vitest";
import { createService, type Service } from "../service.ts";
import type { Permission } from "../session/permissions.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { Budget } from "./budget.ts";
import { Hosts } from "./hosts.ts";
import { createHttpInterface } from "./http.ts";

const [A, B] = [sha256Hex("a"), sha256Hex("b")];
const PATH = "/v1/equivalent";
const JSON_TYPE = { "content-type": "application/json" };

function setUp(told: Partial<Pick<Service, "storage" | "anonymous" | "shortDepIds">> = {}) {
  const service = createService({ storage: createMemoryStorage(), ...told });
  const budget = new Budget(6_000);
  const app = createHttpInterface(service, new Hosts("hash.example"), { maxBytes: 10_000, budget });
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await app.request(path, init);
    return [response.status, await response.json()];
  };
  const post = (body: unknown) =>
    ask(PATH, { method: "POST", headers: JSON_TYPE, body: typeof body === "string" ? body : JSON.stringify(body) });
  return { service, ask, post, budget };
}

/** The body of a report that comes as it is told to. */
function createBody() {
  let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  const body = new ReadableStream<Uint8Array>({
    start: (given) => {
      controller = given;
    },
  });
  const init = { method: "POST", headers: JSON_TYPE, body, duplex: "half" } as RequestInit;
  return {
    init,
    send: (text: string) => controller?.enqueue(new TextEncoder().encode(text)),
    end: () => controller?.close(),
  };
}

const report = (taskhash: string, depid: string) => ({ method: "m", taskhash, outhash: "o", depid });
const answer = (taskhash: string, depid: string) => ({ method: "m", taskhash, depid, unihash: depid });

describe("the HTTP interface of the RFC", () => {
  it("answers a report with the depid that applies, and a look-up with what was reported", async () => {
    const { ask, post } = setUp();
    expect(await ask(`${PATH}?method=m&taskhash=t1`)).toEqual([200, null]);
    expect(await post(report("t1", A))).toEqual([200, answer("t1", A)]);
    expect(await post(report("t2", B))).toEqual([200, answer("t2", A)]);
    expect(await ask(`${PATH}?method=m&taskhash=t2`)).toEqual([200, answer("t2", A)]);
  });

  it("takes unihash for depid", async () => {
    const { post } = setUp();
    const { depid, ...rest } = report("t", A);
    expect(await post({ ...rest, unihash: depid })).toEqual([200, answer("t", A)]);
    expect(await post({ ...rest, depid, unihash: depid })).toEqual([200, answer("t", A)]);
  });

  it("takes depids of the size of MD5 and SHA-1 if told to, and passes them on to who has such", async () => {
    const [md5, sha1] = ["1".repeat(32), "2".repeat(40)];
    const refused = [400, { error: "Invalid unihash" }];
    expect(await setUp().post(report("t1", md5))).toEqual(refused);
    const { ask, post } = setUp({ shortDepIds: true });
    expect(await post(report("t1", md5))).toEqual([200, answer("t1", md5)]);
    expect(await post(report("t2", sha1))).toEqual([200, answer("t2", md5)]);
    expect(await ask(`${PATH}?method=m&taskhash=t2`)).toEqual([200, answer("t2", md5)]);
    expect(await post(report("t3", A))).toEqual(refused);
    expect(await post(report("t4", "1".repeat(33)))).toEqual(refused);
    expect(await post({ ...report("t5", B), outhash: "o5" })).toEqual([200, { ...answer("t5", B) }]);
  });

  it("keeps all that a report tells", async () => {
    const { service, post } = setUp();
    const told = { owner: "o", PN: "zlib", PV: "1", PR: "r0", task: "do_x", outhash_siginfo: "ä\n" };
    await post({ ...report("t", A), ...told });
    const { outhash_siginfo: outhashSiginfo, ...rest } = told;
    expect((await service.storage.read.findOldestRecord("m", "o"))?.details).toEqual({ ...rest, outhashSiginfo });
  });

  it.each([
    ["no taskhash", `${PATH}?method=m`, "argument 'taskhash': expected text, found nothing"],
    ["nothing", PATH, "argument 'method': expected text, found nothing"],
  ])("refuses a look-up with %s", async (_what, path, error) => {
    expect(await setUp().ask(path)).toEqual([400, { error }]);
  });

  it.each([
    ["that is not JSON", "{", "the body is not JSON in UTF-8"],
    ["that is no object", "[]", "the body is no JSON object"],
    ["without depid", { method: "m", taskhash: "t", outhash: "o" }, "Invalid unihash"],
    ["with a depid that is none", report("t", "x"), "Invalid unihash"],
    ["with two depids", { ...report("t", A), unihash: B }, "depid and unihash differ"],
    ["without outhash", { method: "m", taskhash: "t", depid: A }, "argument 'outhash': expected text, found nothing"],
    ["with a number as method", { ...report("t", A), method: 1 }, "argument 'method': expected text, found a number"],
  ])("refuses a report %s", async (_what, body, error) => {
    expect(await setUp().post(body)).toEqual([400, { error }]);
  });

  it("refuses what is too long, not there, or another verb", async () => {
    const { ask, post } = setUp();
    expect(await post({ ...report("t", A), outhash_siginfo: "x".repeat(20_000) })).toEqual([
      413,
      { error: "a report has at most 10000 bytes" },
    ]);
    expect(await ask("/v2")).toEqual([404, { error: `nothing here; the interface is ${PATH}` }]);
    expect(await ask(PATH, { method: "DELETE" })).toEqual([405, { error: "expected GET or POST" }]);
  });

  it("lets everybody do what anonymous users may, and no more", async () => {
    const nobody = setUp({ anonymous: new Set() });
    const denied = { error: "Anonymous user is not allowed to access permissions(s) @read" };
    expect(await nobody.ask(`${PATH}?method=m&taskhash=t`)).toEqual([403, denied]);
    const reader = setUp({ anonymous: new Set<Permission>(["@read"]) });
    expect(await reader.post(report("t", A))).toEqual([200, answer("t", A)]);
    expect(await reader.ask(`${PATH}?method=m&taskhash=t`)).toEqual([200, null]);
  });

  it.each([
    [415, "text/plain;charset=UTF-8"],
    [415, "application/x-www-form-urlencoded"],
    [415, "application/jsonx"],
  ])("takes no report of another type, which a page of another site could send: %i for %s", async (status, type) => {
    const { ask, service } = setUp();
    const init = { method: "POST", headers: { "content-type": type }, body: JSON.stringify(report("t", A)) };
    const error = `expected content-type application/json, found ${JSON.stringify(type)}`;
    expect(await ask(PATH, init)).toEqual([status, { error }]);
    const body = new Blob([JSON.stringify(report("t", A))]);
    const found = { error: "expected content-type application/json, found none" };
    expect(await ask(PATH, { method: "POST", body })).toEqual([400, found]);
    expect(await service.storage.read.findDepIds([{ method: "m", taskhash: "t" }])).toEqual([undefined]);
  });

  it("takes a report that says how its text is written", async () => {
    const headers = { "content-type": "Application/JSON; charset=utf-8" };
    const init = { method: "POST", headers, body: JSON.stringify(report("t", A)) };
    expect(await setUp().ask(PATH, init)).toEqual([200, answer("t", A)]);
  });

  it("answers under its own names alone, and no page of another site", async () => {
    const { ask } = setUp();
    const look = (headers: Record<string, string>) => ask(`${PATH}?method=m&taskhash=t`, { headers });
    expect(await look({ host: "hash.example:80" })).toEqual([200, null]);
    const noName = { error: '"rebind.evil" is no name of this server; --allow-host adds names' };
    expect(await look({ host: "rebind.evil" })).toEqual([403, noName]);
    const noPage = { error: 'pages of "http://evil" may not use this server; --allow-host adds names' };
    expect(await look({ host: "hash.example", origin: "http://evil" })).toEqual([403, noPage]);
  });

  it("does not tell clients about failures within", async () => {
    const memory = createMemoryStorage();
    const findDepIds = () => Promise.reject(new Error("disk on fire"));
    const storage = { ...memory, read: { ...memory.read, findDepIds } };
    const expected = [500, { error: "the server failed to handle the request" }];
    expect(await setUp({ storage }).ask(`${PATH}?method=m&taskhash=t`)).toEqual(expected);
  });
});

describe("bodies that are not complete", () => {
  it("count with all else that is held; who has held the most for longest is told to try again, and nothing is held then", async () => {
    const { ask, budget } = setUp();
    const [one, two] = [createBody(), createBody()];
    const answers = [ask(PATH, one.init), ask(PATH, two.init)];
    one.send(" ".repeat(4_000));
    await expect.poll(() => budget.held).toBe(4_000);
    two.send(" ".repeat(4_000));
    expect(await answers[0]).toEqual([503, { error: "the server holds too much for its clients, try again later" }]);
    expect(budget.held).toBe(4_000);
    two.send(JSON.stringify(report("t", A)));
    two.end();
    expect(await answers[1]).toEqual([200, answer("t", A)]);
    expect(budget.held).toBe(0);
  });
});
