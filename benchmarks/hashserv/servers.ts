import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";

/** A server in a process of its own. */
export interface Peer {
  readonly name: string;
  readonly port: number;
  readonly process: ChildProcess;
  /** The file it keeps its rows in, if it does. */
  readonly database: string | undefined;
  stop(): Promise<void>;
}

const HERE = import.meta.dirname;
/** This repository, and in a checkout of it our server's program. */
const REPOSITORY = join(HERE, "../..");
const PROGRAM = "apps/hashserv/bin/depid-hashserv.js";
/** How Node runs our sources. */
const FROM_SOURCE = ["--import", "tsx", "--conditions=@depid/source"];

/** A port nobody listens on just now. */
let nextPort = 20_000 + (process.pid % 20_000);

/** Our server, with the options it has by default. */
export function startOurs(database: string, ...options: readonly string[]): Promise<Peer> {
  return startOursOf(REPOSITORY, database, ...options);
}

/** The same of another checkout of this repository. */
export function startOursOf(checkout: string, database: string, ...options: readonly string[]): Promise<Peer> {
  const port = nextPort++;
  const bind = ["--bind", `127.0.0.1:${port}`, "--database", database, "--log", "ERROR", ...options];
  return started("depid-hashserv", port, database, process.execPath, [join(checkout, PROGRAM), ...bind]);
}

/** BitBake's server, out of the checkout that `BITBAKE_DIR` names; undefined without one. */
export async function startReference(database: string, ...options: readonly string[]): Promise<Peer | undefined> {
  const directory = process.env.BITBAKE_DIR;
  const program = directory === undefined ? undefined : join(directory, "bin/bitbake-hashserv");
  if (program === undefined || !existsSync(program)) return undefined;
  const port = nextPort++;
  const bind = ["--bind", `127.0.0.1:${port}`, "--database", database, "--log", "ERROR", ...options];
  return started("bitbake-hashserv", port, database, "/usr/bin/python3", [program, ...bind]);
}

/** A bare Node server that answers out of a Map. */
export async function startCeiling(entries: number): Promise<Peer> {
  const child = spawn(process.execPath, [...FROM_SOURCE, join(HERE, "ceiling.ts"), String(entries)]);
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", (text) => resolve(Number(text)));
    child.once("exit", () => reject(new Error("the ceiling does not start")));
  });
  return peerOf("bare Node server", port, undefined, child);
}

/** Starts a server on a database in which it has made its tables, and that was filled meanwhile. */
export async function startFilled<P extends Peer | undefined>(
  database: string,
  start: (database: string) => Promise<P>,
  fill: (database: string) => void | Promise<void>,
): Promise<P> {
  const first = await start(database);
  if (first === undefined) return first;
  await first.stop();
  await fill(database);
  return start(database);
}

async function started(name: string, port: number, database: string, command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${name} does not start`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return peerOf(name, port, database, child);
}

function peerOf(name: string, port: number, database: string | undefined, child: ChildProcess): Peer {
  return {
    name,
    port,
    database,
    process: child,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", () => resolve());
        if (!child.kill()) resolve();
      }),
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => socket.end("OEHASHEQUIV 1.1\n\nnull\n"));
    socket.once("close", (failed) => resolve(!failed));
    socket.on("error", () => {});
    socket.resume();
  });
}
