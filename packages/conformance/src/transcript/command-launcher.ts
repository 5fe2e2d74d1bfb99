import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import { join } from "node:path";
import { parseAddress } from "@depid/hashserv-protocol";
import { DatabaseSync } from "@photostructure/sqlite";
import { LaunchError } from "../errors.ts";
import type { LaunchedServer, Launcher } from "./launcher.ts";
import type { ServerSetup } from "./transcript.ts";

/** Milliseconds between attempts to connect to a server that starts, and after which it is taken not to. */
const RETRY_MS = 20;
const START_MS = 20_000;
/** Milliseconds a server may take to end when it is asked to. */
const STOP_MS = 10_000;

/**
 * Any server that has the flags of `bitbake-hashserv`, as a process on files in a directory.
 *
 * @param command runs in a shell; flags are appended
 */
export function createCommandLauncher(directory: string, command: string): Launcher {
  const addresses = new Map<string, string>();
  const fileOf = (database: string) => join(directory, `${database}.db`);
  return {
    async createDatabase(name, sql) {
      const db = new DatabaseSync(fileOf(name));
      db.exec(sql);
      db.close();
    },
    async start(name, setup): Promise<LaunchedServer> {
      const address = addresses.get(name) ?? (await newAddress(setup.net, join(directory, `${name}.sock`)));
      addresses.set(name, address);
      const flags = ["--bind", address, "--database", fileOf(setup.database), ...flagsOf(setup, addresses)];
      const child = spawn("/bin/sh", ["-c", `exec ${command} "$@"`, "sh", ...flags], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const exited = once(child, "close");
      await waitUntilUp(address, child);
      const end = (signal: NodeJS.Signals) => async () => {
        child.kill(signal);
        const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
        await exited;
        clearTimeout(impatience);
      };
      return { address, stop: end("SIGTERM"), kill: end("SIGKILL") };
    },
  };
}

function flagsOf({ readOnly, anonymous, admin, upstream }: ServerSetup, addresses: ReadonlyMap<string, string>) {
  return [
    ...(readOnly ? ["--read-only"] : []),
    ...(anonymous === undefined ? [] : ["--anon-perms", anonymous.length === 0 ? "@none" : anonymous.join(",")]),
    ...(admin === undefined ? [] : ["--admin-user", admin.username, "--admin-password", admin.token]),
    ...(upstream === undefined ? [] : ["--upstream", addresses.get(upstream) ?? upstream]),
  ];
}

async function newAddress(net: "tcp" | "unix" | "ws", socket: string): Promise<string> {
  if (net === "unix") return `unix://${socket}`;
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  return `${net === "ws" ? "ws://" : ""}127.0.0.1:${port}`;
}

async function waitUntilUp(address: string, child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (bytes) => {
    said = `${said}${bytes}`.slice(-2000);
  });
  for (const start = performance.now(); ; ) {
    if (await answers(address)) return;
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new LaunchError(`the server ended with ${child.exitCode ?? child.signalCode}: ${said.trim()}`);
    }
    if (performance.now() - start > START_MS) {
      child.kill("SIGKILL");
      throw new LaunchError(`nobody answers at ${address} after ${START_MS / 1000} s`);
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

function answers(text: string): Promise<boolean> {
  const address = parseAddress(text);
  return new Promise((resolve) => {
    const socket = createConnection(
      address.type === "unix" ? { path: address.path } : { host: address.host, port: address.port },
    );
    const settle = (up: boolean) => () => {
      socket.destroy();
      resolve(up);
    };
    socket.on("connect", settle(true)).on("error", settle(false));
  });
}
