import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";

/** A task's command, with all that it may see. */
export interface SandboxedCommand {
  /** Commands of a POSIX shell, which is started with `-eu`. */
  readonly run: string;
  /** Its environment, beside PATH, HOME, LC_ALL, TZ and SOURCE_DATE_EPOCH; names that a shell cannot have are left out. */
  readonly variables: Readonly<Record<string, string>>;
  /** Files in `files/`, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Folders that are copied to `inputs/NAME`, by name. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** How far a command may go. */
export interface SandboxLimits {
  readonly seconds: number;
  /** Whether it has no network: then `unshare` starts it. */
  readonly cutsNetwork: boolean;
  readonly signal: AbortSignal;
}

/** What became of a command: the folder with its output, and how long it took by the clock; or what went wrong. */
export type SandboxResult = { readonly output: string; readonly seconds: number } | { readonly problem: string };

/** Bytes of stderr that are kept: the last. */
const STDERR_BYTES = 4096;
/** What `unshare` of util-linux needs to start a command without a network, without being root. */
const UNSHARE = ["unshare", "-r", "-n", "--"] as const;

/** Whether commands can be started without a network here. */
export async function canCutNetwork(): Promise<boolean> {
  return (await finish(start([...UNSHARE, "true"], { stdio: "ignore" }))) === 0;
}

/**
 * Runs a command in a folder of its own: `WORKDIR`, which it is started in, with `files/`, `inputs/RECIPE:TASK/`, and `D`, the empty folder that its output is
 * to be in. It sees no other variables than those it is given, and reads nothing from stdin. This keeps a command from what it does not name by accident; it is no prison.
 *
 * @param place where the folder is made
 * @throws the reason of the signal
 */
export async function runSandboxed(
  { run, variables, files, inputs }: SandboxedCommand,
  { seconds, cutsNetwork, signal }: SandboxLimits,
  place: string,
): Promise<SandboxResult> {
  const outside = Object.keys(files).find((name) => !isWithin("files", name));
  if (outside !== undefined) return { problem: `its file ${JSON.stringify(outside)}: expected a name within files/` };
  const folder = await mkdtemp(join(place, "task-"));
  const output = join(folder, "output");
  await mkdir(output);
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, "files", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  for (const [name, from] of inputs)
    await cp(from, join(folder, "inputs", name), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  const shell = ["/bin/sh", "-eu", "-c", `umask 022\n${run}`];
  const line = cutsNetwork ? [...UNSHARE, ...shell] : shell;
  signal.throwIfAborted();
  const begin = performance.now();
  // A process group of its own, so that what it started ends with it.
  const child = start(line, {
    cwd: folder,
    env: { ...environmentOf(variables), ...BARE, HOME: folder, WORKDIR: folder, D: output },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = `${stderr}${text}`.slice(-STDERR_BYTES);
  });
  let isLate = false;
  const end = (): void => endGroup(child.pid);
  // What it left running holds stderr open, and would be waited for.
  child.on("exit", end);
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, seconds * 1000);
  signal.addEventListener("abort", end);
  const status = await finish(child);
  const taken = (performance.now() - begin) / 1000;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
  signal.throwIfAborted();
  if (status === 0) return { output, seconds: taken };
  await rm(folder, { recursive: true, force: true });
  const said = stderr.trim() === "" ? "; stderr is empty" : `; stderr: ${stderr.trim().replaceAll(/\s*\n\s*/g, " | ")}`;
  if (isLate) return { problem: `its command took more than ${seconds} s and was ended${said}` };
  return { problem: `its command ended with status ${status ?? "of a signal"}${said}` };
}

/** Whether a name, however it is written, is that of a file below a folder. */
function isWithin(folder: string, name: string): boolean {
  return join(folder, name).startsWith(join(folder, sep));
}

function start([program = "", ...args]: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(program, args, options);
}

/** Ends all processes of a group, if there are any. */
function endGroup(group: number | undefined): void {
  if (group === undefined) return;
  try {
    process.kill(-group, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

const BARE = { PATH: "/usr/bin:/bin", LC_ALL: "C", TZ: "UTC", SOURCE_DATE_EPOCH: "0" };

function environmentOf(variables: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => /^[A-Za-z_]\w*$/.test(name)));
}

/** @returns the exit status; null if a signal ended it, 127 if there is no such program */
function finish(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.on("error", () => resolve(127));
    child.on("close", (status) => resolve(status));
  });
}
