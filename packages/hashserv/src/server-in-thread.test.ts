import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDepId, parseOutHash, parseTaskHash, sha256Hex } from "@depid/hash";
import { openClient } from "@depid/hashserv-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ServerThreadError } from "./errors.ts";
import { type Started, startIn, startServerInThread } from "./server-in-thread.ts";
import { Thread } from "./thread.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "server-in-thread-"));
});
afterEach(() => rm(folder, { recursive: true }));

const report = (task: string, output: string) => ({
  method: "m",
  taskhash: parseTaskHash(sha256Hex(task)),
  outhash: parseOutHash(sha256Hex(output)),
  depid: parseDepId(sha256Hex(task)),
});

describe("a server in a thread", () => {
  it.each([
    ["a unix socket", () => `unix://${join(folder, "sock")}`],
    ["a port of this machine", () => "127.0.0.1:0"],
  ])("answers at %s, and leaves nothing behind", async (_where, bind) => {
    const server = await startServerInThread(bind());
    const client = await openClient(server.address);
    expect(await client.reportAll([report("1", "out"), report("2", "out")])).toEqual([sha256Hex("1"), sha256Hex("1")]);
    await client.close();
    expect([await server.close(), await server.close()]).toEqual([undefined, undefined]);
    expect(await readdir(folder)).toEqual([]);
    await expect(openClient(server.address)).rejects.toMatchObject({ fault: "unreachable" });
  });

  it("says where it cannot listen", async () => {
    const bind = `unix://${join(folder, "nowhere", "sock")}`;
    const said = `the server in a thread of its own: cannot listen on ${bind}: no such directory`;
    await expect(startServerInThread(bind)).rejects.toThrow(new ServerThreadError(said));
  });

  it.each([
    ["a bug is told as one", undefined, Error, "the server in a thread of its own has ended"],
    [
      "memory that ran out may be mended",
      "ERR_WORKER_OUT_OF_MEMORY",
      ServerThreadError,
      "the server in a thread of its own ran out of memory: give it more, say with NODE_OPTIONS=--max-old-space-size=8192 (MiB)",
    ],
  ])("that has ended by itself says why when it is closed: %s", async (_what, code, kind, message) => {
    const beside = new URL("./testing/index.ts", import.meta.url).href;
    const thread = new Thread<string | undefined, string, Started>("dying-server-thread", beside, code);
    const server = await startIn(thread, `unix://${join(folder, "sock")}`);
    const client = await openClient(server.address);
    await expect(client.report(report("1", "out"))).rejects.toMatchObject({ code: "CONNECTION" });
    const reason = await server.close();
    expect(reason).toBeInstanceOf(kind);
    expect(reason).toMatchObject({ message, cause: { message: "crashed" } });
    await client.close();
  });
});
