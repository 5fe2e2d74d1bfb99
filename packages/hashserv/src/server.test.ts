import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DepId,
  type OutHash,
  parseDepId,
  parseOutHash,
  parseTaskHash,
  sha256Hex,
  type TaskHash,
} from "@depid/hash";
import { ConnectionError, openClient, ServerError } from "@depid/hashserv-client";
import { formatGreeting } from "@depid/hashserv-protocol";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CertificateError } from "./errors.ts";
import { type Server, type ServerOptions, startServer } from "./server.ts";
import { createMemoryStorage } from "./storage/memory/memory-storage.ts";
import type { Storage, StorageReader } from "./storage/storage.ts";

const pem = (name: string) =>
  readFileSync(new URL(`../../../fixtures/hashserv/tls/${name}.pem`, import.meta.url), "utf8");
const TLS = { cert: pem("cert"), key: pem("key") };
const RENEWED = { cert: pem("renewed-cert"), key: pem("renewed-key") };

let directory: string;
let cleanUp: (() => Promise<unknown>)[];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
  cleanUp = [];
});
afterEach(async () => {
  for (const step of cleanUp.reverse()) await step();
  await rm(directory, { recursive: true });
});

async function start(options: Partial<ServerOptions> = {}): Promise<Server> {
  const rows = "storage" in options ? {} : { database: join(directory, "hashserv.db") };
  const server = await startServer({ bind: "127.0.0.1:0", ...rows, ...options } as ServerOptions);
  cleanUp.push(() => server.close());
  return server;
}

async function connect(server: Server, options: Parameters<typeof openClient>[1] = {}) {
  const client = await openClient(server.address, options);
  cleanUp.push(() => client.close());
  return client;
}

const task = (i: number | string): TaskHash => parseTaskHash(sha256Hex(`task ${i}`));
const depid = (i: number | string): DepId => parseDepId(sha256Hex(`task ${i}`));
const output = (i: number | string): OutHash => parseOutHash(sha256Hex(`output ${i}`));
const report = (i: number | string, out: number | string = i) => ({
  method: "m",
  taskhash: task(i),
  outhash: output(out),
  depid: depid(i),
});

/** Everything a raw connection hears from sending text until the server closes. */
function hearAll(address: string, ...texts: (string | Uint8Array)[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(Number(address.split(":").at(-1)), "127.0.0.1");
    let heard = "";
    socket.on("data", (bytes) => {
      heard += bytes.toString();
    });
    socket.on("end", () => resolve(heard)).on("error", reject);
    for (const text of texts) socket.write(text);
  });
}

const LONG = "d".repeat(100);

describe.each([
  { name: "TCP", bind: () => "127.0.0.1:0" },
  { name: "TCP on a host name", bind: () => "localhost:0" },
  { name: "TLS", bind: () => "localhost:0", tls: TLS },
  { name: "WebSocket", bind: () => "ws://127.0.0.1:0" },
  { name: "WebSocket on all addresses", bind: () => "ws://:0" },
  { name: "WebSocket over TLS", bind: () => "ws://127.0.0.1:0", tls: TLS },
  { name: "a unix socket", bind: () => `unix://${directory}/s.sock` },
  { name: "a unix socket with a path longer than the system allows", bind: () => `unix://${directory}/${LONG}/s.sock` },
])("over $name", ({ bind, tls }) => {
  it("a client reports, looks up and asks everything there is", async () => {
    await mkdir(join(directory, LONG));
    const client = await connect(await start({ bind: bind(), tls }), { ca: TLS.cert });
    await client.ping();
    expect(await client.report({ ...report(1), details: { PN: "zlib", outhashSiginfo: "ä".repeat(70_000) } })).toBe(
      depid(1),
    );
    expect(await client.report(report(2, 1))).toBe(depid(1));
    expect(await client.reportAll([report(3), report(4, 3), report(1)])).toEqual([depid(3), depid(3), depid(1)]);
    expect(await client.reportEquiv({ method: "m", taskhash: "t", depid: depid(9) })).toBe(depid(9));
    const queries = [2, 5, 4].map((i) => ({ method: "m", taskhash: task(i) }));
    expect(await client.getDepIds(queries)).toEqual([depid(1), undefined, depid(3)]);
    expect(await client.depIdsExist([depid(3), depid(4), depid(9)])).toEqual([true, false, true]);
    expect(await client.get({ method: "m", taskhash: task(4) })).toBe(depid(3));
    expect(await client.get({ method: "m", taskhash: task(5) })).toBeUndefined();
    const row = await client.getRow({ method: "m", taskhash: task(1) });
    expect(row).toMatchObject({ outhash: output(1), depid: depid(1), details: { PN: "zlib", PV: null } });
    expect(row?.details.outhashSiginfo).toBe("ä".repeat(70_000));
    expect(await client.getOutHash({ method: "m", outhash: output(1), taskhash: "" })).toEqual(row);
    expect(await client.getOutHash({ method: "m", outhash: output(7), taskhash: "" })).toBeUndefined();
    expect((await client.stats()).count).toBe(20);
  });
});

describe("a renewed certificate", () => {
  it.each(["127.0.0.1:0", "ws://127.0.0.1:0"])("is what new connections to %s get; open ones stay", async (bind) => {
    const server = await start({ bind, tls: TLS });
    const old = await connect(server, { ca: TLS.cert });
    server.renewTls(RENEWED);
    await (await connect(server, { ca: RENEWED.cert })).ping();
    await expect(connect(server, { ca: TLS.cert })).rejects.toThrow("certificate");
    await old.ping();
  });

  it.each([
    ["is none", { cert: "nonsense", key: TLS.key }],
    ["is another key's", { cert: RENEWED.cert, key: TLS.key }],
  ])("that %s changes nothing", async (_what, tls) => {
    const server = await start({ tls: TLS });
    expect(() => server.renewTls(tls)).toThrow(CertificateError);
    await (await connect(server, { ca: TLS.cert })).ping();
  });

  it("is not for a server that has none", async () => {
    const server = await start();
    expect(() => server.renewTls(RENEWED)).toThrow("was started without a certificate");
    await (await connect(server)).ping();
  });
});

describe("the server and many clients", () => {
  it("answers a batch larger than all buffers between it and the client", async () => {
    const client = await connect(await start({ storage: createMemoryStorage() }));
    await client.report(report(1));
    const queries = Array.from({ length: 60_000 }, (_, i) => ({ method: "m", taskhash: task(i % 7) }));
    const found = await client.getDepIds(queries);
    expect(found).toEqual(queries.map(({ taskhash }) => (taskhash === task(1) ? depid(1) : undefined)));
  });

  it("gives one depid to tasks with one output that are reported together by many clients", async () => {
    const server = await start();
    const clients = await Promise.all(Array.from({ length: 16 }, () => connect(server)));
    const answers = await Promise.all(
      clients.map((client, c) => client.reportAll(Array.from({ length: 20 }, (_, i) => report(`${c}/${i}`, i % 3)))),
    );
    for (const out of [0, 1, 2]) {
      const ofOutput = answers.flatMap((list) => list.filter((_, i) => i % 3 === out));
      expect(new Set(ofOutput).size).toBe(1);
    }
  });

  it("waits for a client that does not read, serves others meanwhile, and gives it every answer in the end", async () => {
    const server = await start({ storage: createMemoryStorage() });
    const client = await connect(server);
    await client.report(report(1));
    const socket = createConnection(Number(server.address.split(":")[1]), "127.0.0.1").pause();
    socket.write(`${formatGreeting()}{"get-stream": null}\n`);
    socket.end(`m ${task(1)}\n`.repeat(200_000));
    for (let i = 0; i < 20; i++) await client.ping();
    let bytes = 0;
    for await (const piece of socket) bytes += piece.length;
    expect(bytes).toBe('"ok"\n'.length + 200_000 * 65);
  });

  it("lets calls overlap on one client, whatever modes they need", async () => {
    const client = await connect(await start());
    await client.report(report(1));
    const query = [{ method: "m", taskhash: task(1) }];
    const answers = await Promise.all([
      client.getDepIds(query),
      client.ping(),
      client.depIdsExist([depid(1)]),
      client.getDepIds(query),
      client.getDepIds([]),
      client.report(report(2, 1)),
    ]);
    expect(answers).toEqual([[depid(1)], undefined, [true], [depid(1)], [], depid(1)]);
  });

  it("keeps what was reported for the next server on the same file", async () => {
    const first = await start();
    const client = await connect(first);
    await client.report(report(1));
    await first.close();
    const other = await connect(await start());
    expect(await other.report(report(2, 1))).toBe(depid(1));
  });

  it("shows two servers on one file each other's reports", async () => {
    const [one, two] = [
      await connect(await start()),
      await connect(await start({ bind: `unix://${directory}/s.sock` })),
    ];
    await one.report(report(1));
    expect(await two.report(report(2, 1))).toBe(depid(1));
    expect(await one.get({ method: "m", taskhash: task(2) })).toBe(depid(1));
  });
});

describe("bad input", () => {
  it.each([
    ["another protocol", "GET / HTTP/1.1\r\n\r\n", 'expected the greeting \\"OEHASHEQUIV VERSION\\"'],
    ["a line that never ends", `${formatGreeting()}${"x".repeat(200_000)}`, "a line has more than 65536 bytes"],
    ["bytes that are not UTF-8", Buffer.from(`${formatGreeting()}\xff\n`, "latin1"), "a line is not UTF-8"],
    ["a message that is not JSON", `${formatGreeting()}{"ping"\n`, "a message is not JSON"],
    ["arrays nested without end", `${formatGreeting()}${"[".repeat(60_000)}\n`, "a message is not JSON"],
    ["an unknown command", `${formatGreeting()}{"toString": 1}\n`, "unknown command 'toString'"],
  ])("%s is answered with the reason, and others are served on", async (_what, text, reason) => {
    const server = await start({ storage: createMemoryStorage() });
    const client = await connect(server);
    expect(await hearAll(server.address, text)).toBe(`{"invoke-error": {"message": "${reason}"}}\n`);
    await client.ping();
  });

  it("answers what came before it", async () => {
    const server = await start({ storage: createMemoryStorage() });
    const text = Buffer.concat([
      Buffer.from(`${formatGreeting()}{"ping": 1}\n{"ping": 1}\n`),
      Buffer.from([0xff, 0x0a]),
    ]);
    const heard = await hearAll(server.address, text);
    expect(heard.split("\n").slice(0, 2)).toEqual(['{"alive": true}', '{"alive": true}']);
  });

  it("reaches a client of ours as a ServerError with the reason", async () => {
    const client = await connect(await start());
    const bad = { ...report(1), depid: "no" as DepId };
    await expect(client.report(bad)).rejects.toThrow(new ServerError("Invalid unihash"));
    await client.ping();
  });
});

describe("the end of a connection", () => {
  it("comes after all answers when the client closes its side", async () => {
    const server = await start({ storage: createMemoryStorage() });
    const socket = createConnection(Number(server.address.split(":")[1]), "127.0.0.1");
    socket.end(`${formatGreeting()}{"ping": 1}\n{"get-stream": null}\nm t\n{"torso`);
    let heard = "";
    for await (const bytes of socket) heard += String(bytes);
    expect(heard).toBe('{"alive": true}\n"ok"\n\n');
  });

  it("does not come before a request in hand is answered, when the server closes", async () => {
    let release = () => {};
    let entered = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const inHand = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const memory = createMemoryStorage();
    const findDepIds: StorageReader["findDepIds"] = async (keys) => {
      entered();
      await gate;
      return memory.read.findDepIds(keys);
    };
    const storage: Storage = { ...memory, read: { ...memory.read, findDepIds } };
    const server = await start({ storage });
    const client = await connect(server);
    const answer = client.get({ method: "m", taskhash: "t" });
    await inHand;
    const closed = server.close();
    release();
    expect(await answer).toBeUndefined();
    await closed;
    await expect(openClient(server.address)).rejects.toThrow(ConnectionError);
  });

  it("comes to idle clients, too, when the server closes", async () => {
    const server = await start();
    const idle = createConnection(Number(server.address.split(":")[1]), "127.0.0.1");
    await new Promise((resolve) => idle.once("connect", resolve));
    const ended = new Promise((resolve) => idle.once("close", resolve));
    idle.resume();
    await server.close();
    await ended;
  });
});

describe("the socket file", () => {
  const path = () => join(directory, "s.sock");
  const bind = () => `unix://${path()}`;

  it("is gone after the server, and nothing else is left", async () => {
    const before = new Set((await readdir(tmpdir())).filter((name) => name.startsWith("depid-")));
    const server = await start({ bind: bind(), storage: createMemoryStorage() });
    expect((await stat(path())).isSocket()).toBe(true);
    await server.close();
    expect(await readdir(directory)).toEqual([]);
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith("depid-") && !before.has(name));
    expect(left).toEqual([]);
  });

  it("of a server that died is replaced", async () => {
    const dead = createServer();
    await new Promise<void>((resolve) => dead.listen(join(directory, "other.sock"), resolve));
    // Under another name the file stays when its server goes.
    await rename(join(directory, "other.sock"), path());
    dead.close();
    expect((await stat(path())).isSocket()).toBe(true);
    await (await connect(await start({ bind: bind() }))).ping();
  });

  it("of a live server is not taken over", async () => {
    const first = await start({ bind: bind() });
    await expect(start({ bind: bind() })).rejects.toThrow(`cannot listen on ${bind()}: another server listens there`);
    await (await connect(first)).ping();
  });

  it("of a successor is left alone", async () => {
    const first = await start({ bind: bind() });
    await rm(path());
    const second = await start({ bind: bind() });
    await first.close();
    await (await connect(second)).ping();
  });

  it("is not made where there is a file of another kind", async () => {
    await writeFile(path(), "precious");
    await expect(start({ bind: bind() })).rejects.toThrow("there is a file that is no socket");
    expect((await stat(path())).size).toBe(8);
  });
});

describe("a start that fails", () => {
  it.each([
    ["an address of another form", { bind: "nonsense" }, "address: expected unix://PATH, HOST:PORT, [V6ADDR]:PORT"],
    ["a directory that is not there", { bind: "unix:///no/such/place/s.sock" }, "no such directory"],
    [
      "a database that cannot be opened",
      { database: "/no/such/place/x.db" },
      "cannot open the database /no/such/place/x.db",
    ],
  ])("says why in one line: %s", async (_what, options, message) => {
    await expect(start(options)).rejects.toThrow(message);
  });

  it("says so when the port is taken", async () => {
    const first = await start();
    await expect(start({ bind: first.address })).rejects.toThrow("another program listens there");
  });
});

describe("a client whose server goes away", () => {
  it("connects anew to the server's successor, and repeats what was lost", async () => {
    const first = await start({ bind: `unix://${directory}/s.sock` });
    const client = await connect(first);
    await client.getDepIds([{ method: "m", taskhash: task(1) }]);
    await first.close();
    await start({ bind: `unix://${directory}/s.sock` });
    expect(await client.report(report(1))).toBe(depid(1));
  });

  it("says who does not answer", async () => {
    const server = await start();
    const client = await connect(server);
    await server.close();
    const expected = `no hash equivalence server answers at ${server.address}: connection refused`;
    await expect(client.ping()).rejects.toThrow(expected);
  });
});
