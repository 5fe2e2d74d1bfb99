import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExamineOptions, examineAll } from "@depid/doctor/fs";
import type { DepId, TaskHash } from "@depid/hash";
import { findNetworkFileSystem, startServer } from "@depid/hashserv";
import { openClient } from "@depid/hashserv-client";
import { gcMark, remove } from "@depid/hashserv-protocol";
import { DatabaseSync } from "@photostructure/sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BUILT, type Built, hashOf, siginfoOf, TestBuild } from "../testing/test-build.ts";

let folder: string;
let build: TestBuild;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "depid-doctor-"));
  build = new TestBuild(join(folder, "build"));
  await mkdir(build.folder);
  await build.make();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const { signal } = new AbortController();
const defaults = {
  hashserv: undefined,
  given: new Map<string, string>(),
  examples: 5,
  siginfos: 1000,
  unusedDays: 30,
  quickCheck: false,
  timeoutMs: 5000,
  signal,
  now: Date.now(),
  findNetworkFileSystem,
};

const examineIt = (options: Partial<ExamineOptions> = {}) =>
  examineAll({
    subject: build.folder,
    ...defaults,
    progress: { update: async () => {} },
    ...options,
  });
const idsOf = async (options: Partial<ExamineOptions> = {}) => (await examineIt(options)).findings.map(({ id }) => id);

const built = (at: number) => BUILT[at] as Built;
const [A, A_DEPLOY] = [built(0), built(2)];

/** Changes the database as no server would. */
function alter(sql: string): void {
  const db = new DatabaseSync(build.database);
  db.exec(sql);
  db.close();
}

describe("a build directory that is as it should be", () => {
  it("has no findings with the database of the build", async () => {
    const report = await examineIt({ quickCheck: true });
    expect(report.findings).toEqual([]);
    expect(report.counts).toMatchObject({ objects: 4, "siginfo files": 5, equivalences: 5, depids: 4, outhashes: 5 });
    expect(report.subject).toEqual({ build: build.folder, sstate: build.sstate, hashserv: build.database });
  });
  it("has none while a server runs on the database", async () => {
    await build.serve(async () => expect(await idsOf()).toEqual([]));
  });
  it("has none with a live server, which says what it cannot tell", async () => {
    await build.serve(async ({ address }) => {
      await build.configure(`BB_HASHSERVE = "${address}"\n`);
      const report = await examineIt();
      expect(report.findings).toEqual([]);
      expect(report.unknown).toEqual([expect.stringContaining("a live server does not tell its rows")]);
    });
  });
  it("has none as an sstate directory and a database", async () => {
    expect(await idsOf({ subject: build.sstate, hashserv: build.database })).toEqual([]);
  });
  it("has none without a server, and says that none was looked at", async () => {
    const report = await examineIt({ subject: build.sstate });
    expect(report.findings).toEqual([]);
    expect(report.unknown).toEqual([expect.stringContaining("what a server knows")]);
  });
  it("is left as it was: no file is added to the database", async () => {
    const before = await readFile(build.database);
    await examineIt({ quickCheck: true });
    expect(await readFile(build.database)).toEqual(before);
    await expect(readFile(`${build.database}-wal`)).rejects.toThrow("ENOENT");
    await expect(readFile(`${build.database}-shm`)).rejects.toThrow("ENOENT");
  });
});

describe("what is broken is found, with the database", () => {
  it.each<readonly [string, () => Promise<void> | void, readonly string[]]>([
    ["an object is gone", () => removeFile(A), ["entry-without-object"]],
    [
      "an object is gone with its siginfo",
      async () => {
        await removeFile(A);
        await removeFile(A, ".siginfo");
      },
      ["entry-without-object"],
    ],
    ["a siginfo is gone", () => removeFile(A, ".siginfo"), ["object-without-siginfo"]],
    ["the equivalences of a depid are gone", () => forget(A), ["unmapped-object"]],
    [
      "the equivalences of a depid are gone, and the object was stored under it by another task",
      async () => {
        await forget(A);
        await build.store({ ...A, taskhash: "2" });
      },
      ["unreachable-object"],
    ],
    [
      "an object lies under another depid than the server's",
      () => build.store({ ...A, recipe: "c", taskhash: "2", depid: "6" }),
      ["mapped-elsewhere"],
    ],
    ["two recipes have one depid", () => build.store({ ...A, recipe: "c" }), ["twins"]],
    [
      "two recipes report one taskhash",
      () => build.tell((client) => build.report(client, { ...A_DEPLOY, recipe: "c", outhash: "e" })),
      ["twins", "not-reproducible"],
    ],
    [
      "a task gives another output",
      () => build.tell((client) => build.report(client, { ...A_DEPLOY, outhash: "e" })),
      ["not-reproducible"],
    ],
    [
      "a task gives another output, and others share its depid",
      () => build.tell((client) => build.report(client, { ...A, outhash: "e" })),
      ["not-reproducible"],
    ],
    [
      "a depid is declared, and nothing reported for it",
      async () => {
        await build.tell((client) =>
          client.reportEquiv({ method: OUR_METHOD, taskhash: hashOf<TaskHash>("6"), depid: hashOf<DepId>("6") }),
        );
        await build.store({ recipe: "c", task: "deploy", taskhash: "6", depid: "6" });
      },
      ["unreported-depid"],
    ],
    [
      "another method",
      async () => {
        const other = { recipe: "c", task: "deploy", taskhash: "6", outhash: "e", depid: "6" };
        await build.tell((client) => build.report(client, other, "local.method"));
        await build.store(other);
      },
      ["foreign-method"],
    ],
    ["two versions of outhashes", () => alter(VERSION_17), ["hash-version-mix"]],
    [
      "a garbage collection that was not ended",
      () => build.tell(async (client) => void (await client.call(gcMark, { mark: "today", where: {} }))),
      ["unfinished-collection"],
    ],
    ["an old outhash without a depid", () => alter(UNUSED), ["unmapped-object", "unused-outhash"]],
    ["a young outhash without a depid", () => alter(`${UNUSED}; ${YOUNG}`), ["unmapped-object"]],
    ["a depid that is none", () => alter(INVALID), ["invalid-depid"]],
    ["no write-ahead log", () => alter("PRAGMA journal_mode = DELETE"), ["no-write-ahead-log"]],
    ["tables of an older server", () => alter(OLD_TABLES), ["old-schema"]],
    ["the log of a server that was killed", keepLog, ["left-log"]],
    ["an object without content", () => build.write(build.pathOf(A), ""), ["empty-object"]],
    ["an object that nobody may read", () => chmod(join(build.sstate, build.pathOf(A)), 0), ["unreadable-file"]],
    ["siginfo that makes no sense", () => build.write(`${build.pathOf(A)}.siginfo`, "text"), ["damaged-siginfo"]],
    [
      "siginfo that is cut off",
      () => build.write(`${build.pathOf(A)}.siginfo`, siginfoOf("1", "1").subarray(0, 40)),
      ["damaged-siginfo"],
    ],
    ["a link to nowhere", () => symlink("/nowhere", join(build.sstate, "11/11", nameOfC)), ["broken-link"]],
    ["a file in the making, of old", leaveDraft, ["left-draft"]],
  ])("%s", async (_what, breakIt, expected) => {
    await breakIt();
    expect(await idsOf()).toEqual(expected);
  });
  it("damage in the file, if asked for", async () => {
    const db = new DatabaseSync(build.database);
    const row = db.prepare("SELECT rootpage AS page FROM sqlite_master WHERE name = 'users'").get();
    db.close();
    const { page } = row as { page: number };
    await damage((page - 1) * 4096, page * 4096);
    expect(await idsOf()).toEqual([]);
    expect(await idsOf({ quickCheck: true })).toContain("damaged-database");
  });
  it("damage that keeps it from being read, in any case", async () => {
    await damage(4096, undefined);
    expect(await idsOf()).toEqual(["damaged-database"]);
  });
  it("the class of a task that is not reproducible is told: recipe, task, and what hangs on it", async () => {
    await build.tell((client) => build.report(client, { ...A, outhash: "e" }));
    const [finding] = (await examineIt()).findings;
    expect(finding).toMatchObject({
      id: "not-reproducible",
      count: 1,
      examples: [
        {
          recipe: "a",
          task: "populate_sysroot",
          taskhashes: 1,
          outhashes: 2,
          taskhash: hashOf("1"),
          depid: hashOf("1"),
          equivalences: 2,
          objects: 1,
        },
      ],
    });
  });
  it("entries without objects may be in mirrors: then they are a note", async () => {
    await removeFile(A);
    await removeFile(A, ".siginfo");
    await build.configure('SSTATE_MIRRORS = "file://.* https://mirror.example/PATH"\n');
    const { findings } = await examineIt();
    expect(findings.map(({ id }) => id)).toEqual(["mirror-without-map", "entry-without-object"]);
    expect(findings[1]).toMatchObject({ severity: "note", count: 1 });
  });
  it("siginfo that was not read is told", async () => {
    await build.store({ ...A, recipe: "c", taskhash: "2", depid: "6" });
    const report = await examineIt({ siginfos: 0 });
    expect(report.findings.map(({ id }) => id)).toEqual(["unmapped-object"]);
    expect(report.unknown).toEqual([
      expect.stringMatching(/^taskhashes of 5 of 5 objects: their siginfo was not read/),
    ]);
  });
});

describe("what is broken is found, with a live server", () => {
  it.each<readonly [string, () => Promise<void>, readonly string[]]>([
    ["the equivalences of a depid are gone", () => forget(A), ["unmapped-object"]],
    [
      "an object lies under another depid than the server's",
      () => build.store({ ...A, recipe: "c", taskhash: "2", depid: "6" }),
      ["mapped-elsewhere"],
    ],
    [
      "a garbage collection that was not ended",
      () => build.tell(async (client) => void (await client.call(gcMark, { mark: "today", where: {} }))),
      ["unfinished-collection"],
    ],
  ])("%s", async (_what, breakIt, expected) => {
    await breakIt();
    const options = { subject: build.sstate };
    await build.serve(async ({ address }) => expect(await idsOf({ ...options, hashserv: address })).toEqual(expected));
  });
  it("anyone may delete, over TCP and WebSocket, unless told otherwise", async () => {
    for (const bind of ["127.0.0.1:0", "ws://127.0.0.1:0"]) {
      await build.serve(
        async ({ address }) => expect(await idsOf({ hashserv: address })).toContain("anonymous-may-delete"),
        { bind },
      );
      const safe = { bind, anonymous: ["@read", "@report"] };
      await build.serve(
        async ({ address }) => expect(await idsOf({ hashserv: address })).toEqual(["other-server"]),
        safe,
      );
    }
  });
  it("it takes no reports", async () => {
    await build.serve(
      async ({ address }) => expect(await idsOf({ hashserv: address })).toEqual(["other-server", "read-only-server"]),
      { readOnly: true },
    );
  });
  it("it wants a login; with one it is asked", async () => {
    const admin = { username: "root", token: "secret" };
    await build.serve(
      async ({ address }) => {
        expect(await idsOf({ hashserv: address })).toEqual(["server-refuses", "other-server"]);
        expect(await idsOf({ hashserv: address, login: admin })).toEqual(["other-server"]);
      },
      { anonymous: [], admin },
    );
  });
});

describe("a server that does not answer", () => {
  it("a socket that is not there, a port that nobody has, a host that is none", async () => {
    const port = await listenOn(createServer(), async (port) => port);
    for (const address of [`unix://${folder}/none.sock`, `127.0.0.1:${port}`, "host.invalid:8686"]) {
      expect(await idsOf({ hashserv: address })).toEqual(["server-unreachable", "other-server"]);
    }
  });
  it("one that says nothing", async () => {
    await listenOn(createServer(), async (port) => {
      const ids = await idsOf({ hashserv: `127.0.0.1:${port}`, timeoutMs: 200 });
      expect(ids).toEqual(["server-silent", "other-server"]);
    });
  });
  it.each([
    ["one that speaks HTTP", "", () => createHttpServer((_request, response) => void response.end("hello"))],
    [
      "one that speaks HTTP, asked for WebSocket",
      "ws://",
      () => createHttpServer((_request, response) => void response.end("hello")),
    ],
    ["one that greets first", "", () => createServer((socket) => void socket.write("SSH-2.0-x\r\n"))],
    ["one that closes", "", () => createServer((socket) => void socket.end())],
  ])("%s", async (_what, scheme, create) => {
    await listenOn(create(), async (port) => {
      const ids = await idsOf({ hashserv: `${scheme}127.0.0.1:${port}`, timeoutMs: 2000 });
      expect(ids).toEqual(["server-foreign", "other-server"]);
    });
  });
  it("a proxy that wants a login", async () => {
    const proxy = createHttpServer((_request, response) => void response.writeHead(401).end());
    await listenOn(proxy, async (port) => {
      expect(await idsOf({ hashserv: `ws://127.0.0.1:${port}` })).toEqual(["server-refuses", "other-server"]);
    });
  });
  it("a WebSocket server, asked over plain TCP, and the reverse", async () => {
    for (const [bind, from, to] of [
      ["ws://127.0.0.1:0", "ws://", ""],
      ["127.0.0.1:0", "", "ws://"],
    ] as const) {
      await build.serve(
        async ({ address }) => {
          const ids = await idsOf({ hashserv: to + address.slice(from.length), timeoutMs: 2000 });
          expect(ids).toEqual([expect.stringMatching(/^server-(foreign|silent)$/), "other-server"]);
        },
        { bind },
      );
    }
  });
  it("an upstream that is not there", async () => {
    await build.configure(`BB_HASHSERVE_UPSTREAM = "unix://${folder}/none.sock"\n`);
    expect(await idsOf()).toEqual(["upstream-unreachable"]);
  });
  it("an upstream that is there", async () => {
    const upstream = await startServer({ bind: `unix://${folder}/up.sock`, database: join(folder, "up.db") });
    try {
      await build.configure(`BB_HASHSERVE_UPSTREAM = "${upstream.address}"\n`);
      expect(await idsOf()).toEqual([]);
    } finally {
      await upstream.close();
    }
  });
});

describe("settings that do not fit together are found", () => {
  it.each([
    ["a handler without a server", 'BB_HASHSERVE = ""', ["handler-without-server"]],
    ["a handler without a method", 'SSTATE_HASHEQUIV_METHOD = ""', ["handler-without-method"]],
    ["a handler that asks nobody", 'BB_SIGNATURE_HANDLER = "OEBasicHash"\nBB_HASHSERVE = "auto"', ["server-not-asked"]],
    ["a method that others do not use", 'SSTATE_HASHEQUIV_METHOD = "local.method"', ["foreign-method"]],
    ["mirrors that are not there", 'SSTATE_MIRRORS = "file://.* file:///nowhere/PATH"', ["missing-mirror"]],
    ["an sstate directory that is not there", `SSTATE_DIR = "\${TOPDIR}/none"`, ["no-sstate-directory"]],
  ])("%s", async (_what, conf, expected) => {
    await build.configure(conf);
    expect(await idsOf()).toEqual(expected);
  });
  it("a map of one's own, objects that are shared", async () => {
    await build.configure(`SSTATE_DIR = "${build.folder}/../build/sstate-cache/../../shared"`);
    await mkdir(join(folder, "shared"));
    expect(await idsOf()).toEqual(["private-map", "entry-without-object"]);
    await build.configure(`SSTATE_DIR = "${folder}/shared"\nBB_HASHSERVE_DB_DIR = "${build.folder}/cache"`);
    expect(await idsOf()).toEqual(["entry-without-object"]);
  });
  it("another database than the build's", async () => {
    await copyFile(build.database, join(folder, "other.db"));
    expect(await idsOf({ hashserv: join(folder, "other.db") })).toEqual(["other-server"]);
  });
  it("a value that cannot be worked out is told, and taken from whoever knows it", async () => {
    await build.configure(`SSTATE_DIR = "\${HOME}/sstate"`);
    const report = await examineIt();
    expect(report.findings.map(({ id }) => id)).toEqual(["open-question"]);
    expect(report.findings[0]?.examples).toEqual([
      { question: expect.stringContaining("bitbake-getvar --value SSTATE_DIR") },
    ]);
    expect(await idsOf({ given: new Map([["SSTATE_DIR", build.sstate]]) })).toEqual([]);
  });
  it("a build that has not made its database yet says so", async () => {
    await unlink(build.database);
    const report = await examineIt();
    expect(report.findings).toEqual([]);
    expect(report.unknown[0]).toContain("is not there");
  });
});

describe("what cannot be examined is refused", () => {
  it.each([
    ["a directory that is not there", { subject: "/nowhere" }, /^\/nowhere: expected a build directory/],
    ["a database that is not there", { hashserv: "/nowhere/x.db" }, /^\/nowhere\/x.db: cannot be read: no such file/],
    ["an address that is none", { hashserv: "postgres://host/x" }, /^address: expected/],
  ])("%s", async (_what, options, message) => {
    await expect(examineIt(options)).rejects.toThrow(message);
  });
  it.each([
    ["text", "some text", /expected a SQLite database, found something else/],
    ["an empty file", "", /found an empty file/],
  ])("a database that is none: %s", async (_what, content, message) => {
    await writeFile(build.database, content);
    await expect(examineIt({ hashserv: build.database })).rejects.toThrow(message);
  });
  it.each([
    ["garbage", "no database at all, but long enough to be one", "unreadable-database", "error"],
    ["an empty file", "", "empty-database", "warning"],
  ])("but a database that the settings name is a finding: %s", async (_what, content, id, severity) => {
    await writeFile(build.database, content);
    const { findings, unknown } = await examineIt();
    expect(findings).toMatchObject([{ id, severity, seen: expect.stringContaining(build.database) }]);
    expect(unknown).toContainEqual(expect.stringContaining("was not read"));
  });
  it("so are a folder in its place, and tables of something else", async () => {
    await rm(build.database);
    await mkdir(build.database);
    expect(await idsOf()).toEqual(["unreadable-database"]);
    await rm(build.database, { recursive: true });
    alter("CREATE TABLE songs (title)");
    expect(await idsOf()).toEqual(["empty-database"]);
    alter("CREATE TABLE unihashes_v1 (unihash)");
    expect(await idsOf()).toEqual(["old-schema"]);
  });
  it("so is one that nobody may write", async () => {
    await chmod(build.database, 0o444);
    expect(await idsOf()).toEqual(["read-only-database"]);
  });
  it("rows of an older server beside tables of today's are told", async () => {
    alter("CREATE TABLE unihashes_v2 (method, taskhash, unihash)");
    expect(await idsOf()).toEqual(["old-schema"]);
  });
  it("a database of something else", async () => {
    alter("DROP TABLE outhashes_v2; CREATE TABLE songs (title)");
    await expect(examineIt({ hashserv: build.database })).rejects.toThrow(
      /expected tables unihashes_v3 and outhashes_v2, found .*songs/,
    );
  });
});

const OUR_METHOD = "oe.sstatesig.OEOuthashBasic";
const nameOfC = `sstate:c:x86_64-linux:1.0:r0:x86_64:14:${hashOf("1")}_recipe_qa.tar.zst`;
const VERSION_17 = `UPDATE outhashes_v2 SET outhash_siginfo = replace(outhash_siginfo, '18', '17') WHERE id = 1`;
const UNUSED = `
  DELETE FROM unihashes_v3 WHERE taskhash = '${hashOf("3")}';
  UPDATE outhashes_v2 SET created = '2020-01-01T00:00:00+00:00' WHERE taskhash = '${hashOf("3")}'`;
const YOUNG = `UPDATE outhashes_v2 SET created = '${new Date().toISOString()}'`;
const INVALID = `UPDATE unihashes_v3 SET unihash = upper(replace(unihash, '3', 'f')) WHERE taskhash = '${hashOf("3")}'`;
const OLD_TABLES = `
  CREATE TABLE unihashes_v2 AS SELECT id, method, taskhash, unihash FROM unihashes_v3;
  DROP TABLE unihashes_v3; DROP TABLE config; DROP TABLE users`;

async function removeFile(built: Built, suffix = ""): Promise<void> {
  await unlink(join(build.sstate, build.pathOf(built) + suffix));
}

async function forget({ depid }: Built): Promise<void> {
  await build.tell(async (client) => void (await client.call(remove, { where: { depid: hashOf<DepId>(depid) } })));
}

/** Takes a copy of the database while a server has reports in its log: what is left of one that is killed. */
async function keepLog(): Promise<void> {
  const copy = join(folder, "copy");
  await mkdir(copy);
  await build.serve(async ({ address }) => {
    const client = await openClient(address);
    await build.report(client, { ...A, taskhash: "6" });
    await client.close();
    for (const suffix of ["", "-wal"]) await copyFile(build.database + suffix, join(copy, `hashserv.db${suffix}`));
  });
  await build.configure(`BB_HASHSERVE_DB_DIR = "${copy}"`);
}

/** Overwrites a part of the database. */
async function damage(from: number, to: number | undefined): Promise<void> {
  const bytes = await readFile(build.database);
  bytes.subarray(from, to).fill(0xff);
  await writeFile(build.database, bytes);
}

async function leaveDraft(): Promise<void> {
  const path = `${build.pathOf(A)}ab12cd34`;
  await build.write(path, "half of an arch");
  await utimes(join(build.sstate, path), 1, 1);
}

async function listenOn<T>(server: NetServer, work: (port: number) => Promise<T>): Promise<T> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    return await work((server.address() as AddressInfo).port);
  } finally {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  }
}
