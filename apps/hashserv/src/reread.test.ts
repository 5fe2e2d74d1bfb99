import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argsForProgram } from "@depid/hashserv/thread";
import { openClient } from "@depid/hashserv-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ServerProcess, startProcess } from "./testing/process.ts";

const TLS = new URL("../../../fixtures/hashserv/tls/", import.meta.url);
const OLD = await readFile(new URL("cert.pem", TLS), "utf8");
const NEW = await readFile(new URL("renewed-cert.pem", TLS), "utf8");

let directory: string;
let server: ServerProcess | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "hashserv-"));
});
afterEach(async () => {
  await server?.kill();
  await rm(directory, { recursive: true });
});

const file = (name: string) => join(directory, name);

/** Puts a certificate of the fixtures and its key where the server has been told to look. */
async function place(prefix: "" | "renewed-"): Promise<void> {
  for (const name of ["cert.pem", "key.pem"]) await copyFile(new URL(prefix + name, TLS), file(name));
}

async function start(...options: readonly string[]): Promise<ServerProcess> {
  server = await startProcess("--database", file("x.db"), ...options);
  return server;
}

/** The status of a look-up over HTTPS, on a connection of its own. */
function askHttp(url: string, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${url}/v1/equivalent?method=m&taskhash=t`, { ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.once("error", reject).end();
  });
}

describe.each(["127.0.0.1:0", "ws://127.0.0.1:0"])("on SIGHUP a server at %s", (bind) => {
  const startWithTls = async () => {
    await place("");
    const tls = ["--tls-cert", file("cert.pem"), "--tls-key", file("key.pem")];
    return start("--bind", bind, "--http", "127.0.0.1:0", ...tls);
  };

  it("has new connections get the certificate that is there now, and goes on with the others", async () => {
    const { address, says, signal } = await startWithTls();
    const url = /HTTP at (\S+)/.exec(await says("HTTP at "))?.[1] ?? "";
    const old = await openClient(address, { ca: OLD });
    expect(await askHttp(url, OLD)).toBe(200);
    await place("renewed-");
    signal("SIGHUP");
    expect(await says("new connections get")).toContain(`${file("cert.pem")}, valid to Jan  1 00:00:00 2120 GMT\n`);
    const renewed = await openClient(address, { ca: NEW });
    await renewed.ping();
    expect(await askHttp(url, NEW)).toBe(200);
    await expect(openClient(address, { ca: OLD })).rejects.toThrow("certificate");
    await expect(askHttp(url, OLD)).rejects.toThrow("certificate");
    await old.ping();
    await Promise.all([old.close(), renewed.close()]);
  });

  it("names the file it cannot use, keeps the certificate it has, and takes a good one later", async () => {
    const { address, says, signal } = await startWithTls();
    const ping = async (ca: string) => {
      const client = await openClient(address, { ca });
      await client.ping();
      await client.close();
    };
    const failures = [
      () => writeFile(file("cert.pem"), "nonsense"),
      () => rm(file("cert.pem")),
      () => copyFile(new URL("renewed-cert.pem", TLS), file("cert.pem")), // and its key is still to come
    ];
    for (const [i, spoil] of failures.entries()) {
      await spoil();
      signal("SIGHUP");
      await says(`ERROR: the certificate in ${file("cert.pem")} `, i + 1);
      await ping(OLD);
    }
    await place("renewed-");
    signal("SIGHUP");
    await says("new connections get");
    await ping(NEW);
  });
});

describe("on SIGHUP a server without TLS", () => {
  it("goes on, and says that there is nothing to do", async () => {
    const { address, says, signal } = await start();
    const client = await openClient(address);
    signal("SIGHUP");
    await says("INFO: asked to read the certificate again: there is none");
    await client.ping();
    await client.close();
  });

  // `script` gives it a terminal.
  it.skipIf(!existsSync("/usr/bin/script") || process.platform !== "linux")(
    "ends when its terminal is closed",
    async () => {
      const port = await findPort();
      const node = [process.execPath, ...argsForProgram(join(import.meta.dirname, "main.ts"))].join(" ");
      const command = `exec ${node} --bind 127.0.0.1:${port} --database ${file("x.db")} --log INFO`;
      const terminal = spawn("/usr/bin/script", ["-qc", command, "/dev/null"], { stdio: ["pipe", "pipe", "ignore"] });
      await new Promise<void>((resolve) => {
        terminal.stdout.on("data", (bytes) => String(bytes).includes("listening on") && resolve());
      });
      terminal.kill("SIGKILL");
      await expect.poll(() => existsSync(file("x.db-wal"))).toBe(false);
      await expect(openClient(`127.0.0.1:${port}`)).rejects.toThrow();
    },
  );
});

function findPort(): Promise<number> {
  return new Promise((resolve) => {
    const free = createServer().listen(0, "127.0.0.1", () => {
      const { port } = free.address() as { port: number };
      free.close(() => resolve(port));
    });
  });
}
