import { spawn } from "node:child_process";
import { once } from "node:events";
import { realpathSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { argsForProgram } from "@depid/hashserv/thread";

export const REPOSITORY = join(import.meta.dirname, "../..");

const PROGRAMS = {
  depid: "apps/simulator/src/main.ts",
  "depid-hashserv": "apps/hashserv/src/main.ts",
  "depid-hashclient": "apps/hashserv/src/client/main.ts",
};
/** What the reader's home folder is called in documents. */
const HOME = "/home/me";

/** One command of a document's shell. */
export interface Order {
  readonly script: string;
  /** Begin in a folder with what the repository has. */
  readonly inClone: boolean;
}

export interface Answer {
  /** What it printed on stdout, the result; undefined if the shell ended before. */
  readonly lines: readonly string[] | undefined;
  /** Progress, which a terminal shows for a moment, and errors. */
  readonly errors: readonly string[];
  readonly status: number;
}

/**
 * Runs commands one after the other in one shell, which begins in an empty folder; depid is in PATH, from source. What they leave running is ended.
 *
 * Hidden commands may use `$REPOSITORY`, and `output N` for what the Nth order printed, from 1.
 */
export async function runSession(orders: readonly Order[]): Promise<Answer[]> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "depid-docs-")));
  try {
    await prepare(folder);
    const at = (name: string) => join(folder, "orders", name);
    for (const [i, { script }] of orders.entries()) await writeFile(at(`${i + 1}.sh`), `${script}\n`);
    const steps = orders.map(({ inClone }, i) => {
      const to = inClone ? 'cd "$CLONE"\n' : "";
      return `${to}eval "$(cat "$ORDERS/${i + 1}.sh")" >"$ORDERS/${i + 1}.out" 2>"$ORDERS/${i + 1}.err"\necho $? >"$ORDERS/${i + 1}.status"\n`;
    });
    const output = 'output() { cat "$ORDERS/$1.out"; }\n';
    await writeFile(at("all.sh"), `${output}cd "$HERE"\n${steps.join("")}`);
    await runShell(at("all.sh"), {
      ORDERS: join(folder, "orders"),
      HERE: join(folder, "home"),
      CLONE: join(folder, "clone"),
      REPOSITORY,
      PATH: `${join(folder, "bin")}:${process.env.PATH}`,
      NO_COLOR: "1",
      TZ: "UTC",
      BB_SERVER_TIMEOUT: "0",
    });
    return await Promise.all(
      orders.map(async (_, i): Promise<Answer> => {
        const text = await readFile(at(`${i + 1}.out`), "utf8").catch(() => undefined);
        const status = Number(await readFile(at(`${i + 1}.status`), "utf8").catch(() => "-1"));
        const errors = await readFile(at(`${i + 1}.err`), "utf8").catch(() => "");
        return {
          lines: text === undefined ? undefined : linesOf(text, folder),
          errors: linesOf(errors, folder),
          status,
        };
      }),
    );
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @returns lines with the reader's folders in place of those of this machine */
function linesOf(text: string, folder: string): readonly string[] {
  const clones = [join(folder, "clone"), realpathSync(REPOSITORY)];
  const atHome = text.replaceAll(join(folder, "home"), HOME);
  const plain = clones.reduce((it, clone) => it.replaceAll(clone, `${HOME}/depid`), atHome);
  const lines = plain.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => line.trimEnd());
}

/** home/, where the shell begins; clone/, with links to what the repository has; bin/, with the programs; orders/ */
async function prepare(folder: string): Promise<void> {
  for (const name of ["home", "clone", "bin", "orders"]) await mkdir(join(folder, name));
  for (const name of await readdir(REPOSITORY)) await symlink(join(REPOSITORY, name), join(folder, "clone", name));
  const programs = Object.entries(PROGRAMS).map(([name, main]) => {
    const node = [process.execPath, ...argsForProgram(join(REPOSITORY, main))]
      .map((it) => JSON.stringify(it))
      .join(" ");
    return [name, `exec ${node} "$@"`];
  });
  for (const [name = "", command] of [...programs, ["npx", 'exec "$@"']]) {
    await writeFile(join(folder, "bin", name), `#!/bin/sh\n${command}\n`);
    await chmod(join(folder, "bin", name), 0o755);
  }
}

async function runShell(script: string, env: NodeJS.ProcessEnv): Promise<void> {
  const shell = spawn("bash", [script], { env: { ...process.env, ...env }, stdio: "ignore", detached: true });
  const end = () => {
    try {
      process.kill(-(shell.pid ?? 0), "SIGTERM");
    } catch {
      // All have ended.
    }
  };
  process.once("exit", end);
  await once(shell, "close");
  process.off("exit", end);
  end();
}
