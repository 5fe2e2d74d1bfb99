import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";

/** The program in a process of its own, from its sources. */
export interface ServerProcess {
  /** `HOST:PORT` */
  readonly address: string;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Starts `depid-hashserv` on a free port with these options, and waits until it listens. */
export async function startProcess(...options: readonly string[]): Promise<ServerProcess> {
  const main = join(import.meta.dirname, "main.ts");
  const node = ["--import", "tsx", "--conditions=@depid/source", main];
  const child = spawn(process.execPath, [...node, "--bind", "127.0.0.1:0", "--log", "INFO", ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    address: await listening(child),
    kill() {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stderr?.on("data", (bytes) => {
      said += bytes;
      const address = /listening on (\S+)/.exec(said)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once("exit", () => reject(new Error(`depid-hashserv does not start: ${said}`)));
  });
}
