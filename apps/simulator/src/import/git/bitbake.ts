import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CAPTURE } from "./build-conf.ts";

/** How the state that is checked out is captured. */
export interface BitbakeSettings {
  /** Checkout of BitBake; `undefined` if the command finds its own. */
  readonly bitbake: string | undefined;
  readonly build: string;
  readonly tree: string;
  readonly targets: readonly string[];
  /** Shell command that is run instead of `bitbake -S none TARGET…`. */
  readonly command: string | undefined;
}

export type RunOutcome = { readonly capture: string } | { readonly failure: string };

const SECOND = 1000;
/** How long a process that was told to end may take. BitBake finishes the recipe that it parses. */
const GRACE = 20 * SECOND;

/**
 * Runs BitBake on the state that is checked out, in a process group of its own, with all output in the log.
 *
 * @returns the file of the capture, or why there is none
 * @throws the signal's reason; then the processes have ended
 */
export async function runBitbake(
  settings: BitbakeSettings,
  id: string,
  log: string,
  signal: AbortSignal,
): Promise<RunOutcome> {
  const { build, command, targets } = settings;
  const capture = join(build, CAPTURE);
  await rm(capture, { force: true });
  const output = await open(log, "w");
  try {
    const [program, args] = command === undefined ? ["bitbake", ["-S", "none", ...targets]] : ["sh", ["-c", command]];
    const env = { ...environmentOf(settings), DEPID_COMMIT: id };
    const stdio = ["ignore", output.fd, output.fd] as const;
    const child = spawn(program, args, { cwd: build, env, detached: true, stdio: [...stdio] });
    const status = await endOf(child, signal);
    signal.throwIfAborted();
    await waitForServer(build);
    await removeLeftovers(build);
    if (status === 0 && existsSync(capture)) return { capture };
    const reason = typeof status === "number" ? `exit status ${status}, ` : `${status}, `;
    const said = firstError(await readFile(log, "utf8"));
    return { failure: said ?? (status === 0 ? `the command wrote no ${CAPTURE}` : `${reason}no error in the log`) };
  } finally {
    await output.close();
  }
}

/** Ends BitBake's server, which outlives an interrupted command. */
export async function stopServer(settings: BitbakeSettings): Promise<void> {
  const { build } = settings;
  if ((await findServers(build)).length === 0) return;
  const env = environmentOf(settings);
  const asked = spawn("bitbake", ["--kill-server"], { cwd: build, env, detached: true, stdio: "ignore" });
  await endOf(asked, AbortSignal.timeout(GRACE));
  await waitForServer(build);
  for (const pid of await findServers(build)) kill(pid, "SIGKILL");
}

/** Waits for the server to end by itself, as it does when its last command has ended. */
async function waitForServer(build: string): Promise<void> {
  const end = Date.now() + GRACE;
  while (Date.now() < end && (await findServers(build)).length > 0) await sleep(100);
}

/** Processes of the server of a build directory: its lock file stands in their command line, and is released before they end. */
async function findServers(build: string): Promise<number[]> {
  const lock = `\0${join(build, "bitbake.lock")}\0`;
  const found: number[] = [];
  for (const name of await readdir("/proc").catch(() => [])) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, "utf8").catch(() => "");
    if (command.includes(lock)) found.push(Number(name));
  }
  return found;
}

function environmentOf({ bitbake, build, tree, targets }: BitbakeSettings): NodeJS.ProcessEnv {
  const path = process.env.PATH ?? "/usr/bin:/bin";
  return {
    ...process.env,
    PATH: bitbake === undefined ? path : `${join(bitbake, "bin")}:${path}`,
    BB_SERVER_TIMEOUT: "0",
    DEPID_BUILD: build,
    DEPID_TREE: tree,
    DEPID_TARGET: targets.join(" "),
    DEPID_CAPTURE: join(build, CAPTURE),
  };
}

/** Waits for a process; an aborted signal interrupts it and, if it does not end, kills its group. */
async function endOf(child: ChildProcess, signal: AbortSignal): Promise<number | string> {
  const ended = once(child, "close").then(
    ([status, by]) => (status as number | null) ?? `ended by ${by}`,
    (error: Error) => error.message,
  );
  const killGroup = () => signalGroup(child, "SIGKILL");
  let killed: NodeJS.Timeout | undefined;
  const interrupt = () => {
    signalGroup(child, "SIGINT");
    killed = setTimeout(killGroup, GRACE);
  };
  if (signal.aborted) interrupt();
  signal.addEventListener("abort", interrupt);
  process.once("exit", killGroup); // a second Ctrl-C
  try {
    return await ended;
  } finally {
    clearTimeout(killed);
    signal.removeEventListener("abort", interrupt);
    process.off("exit", killGroup);
    if (signal.aborted) killGroup(); // what the command left behind
  }
}

function signalGroup({ pid }: ChildProcess, name: NodeJS.Signals): void {
  if (pid !== undefined) kill(-pid, name);
}

/** Signals a process, or with a negative number its group, if it is there still. */
function kill(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** The first error that a log tells of; it may stand behind the beginning of a progress line. */
function firstError(log: string): string | undefined {
  const error = /\b(?:ERROR|FATAL): *(.*)/.exec(log)?.[1];
  return error === undefined || error.length <= 300 ? error : `${error.slice(0, 297)}...`;
}

/**
 * What a run leaves that grows with every commit: signature files, which say no more than the capture, and BitBake's cache of
 * recipes, which it makes anew for each commit. After an interruption they stay, and the cache helps the next run.
 */
async function removeLeftovers(build: string): Promise<void> {
  for (const name of await readdir(build)) {
    if (!name.startsWith("tmp")) continue;
    for (const grown of ["stamps", "cache"]) await rm(join(build, name, grown), { recursive: true, force: true });
  }
}
