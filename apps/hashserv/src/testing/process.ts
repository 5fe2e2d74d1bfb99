import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { argsForProgram } from "@depid/hashserv/thread";

/** The program in a process of its own. */
export interface ServerProcess {
  /** `HOST:PORT`, or as `--bind` among the options has it */
  readonly address: string;
  signal(name: NodeJS.Signals): void;
  /** Waits until it has said this, on stderr, that often. @returns all it has said until then */
  says(text: string, times?: number): Promise<string>;
  /** Asks it to end, and waits until it has. */
  end(): Promise<void>;
  /** Ends it at once. */
  kill(): Promise<void>;
}

/** Starts `depid-hashserv` on a free port with these options, and waits until it listens. */
export async function startProcess(...options: readonly string[]): Promise<ServerProcess> {
  const node = argsForProgram(join(import.meta.dirname, "../main.ts"));
  const child = spawn(process.execPath, [...node, "--bind", "127.0.0.1:0", "--log", "INFO", ...options], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const says = listenTo(child);
  const said = await says("listening on ");
  return {
    address: /listening on (\S+)/.exec(said)?.[1] ?? "",
    signal: (name) => void child.kill(name),
    says,
    end() {
      child.kill("SIGTERM");
      return ended;
    },
    kill() {
      child.kill("SIGKILL");
      return ended;
    },
  };
}

function listenTo(child: ChildProcess): ServerProcess["says"] {
  let said = "";
  let ended = false;
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of waiting) look();
  };
  child.stderr?.on("data", (bytes) => {
    said += bytes;
    wake();
  });
  child.once("exit", () => {
    ended = true;
    wake();
  });
  return (text, times = 1) =>
    new Promise((resolve, reject) => {
      const look = () => {
        // A line is whole once its end is there.
        const heard = said.slice(0, said.lastIndexOf("\n") + 1);
        if (heard.split(text).length > times) resolve(heard);
        else if (ended) reject(new Error(`depid-hashserv has ended and did not say ${JSON.stringify(text)}: ${said}`));
        else return;
        waiting.delete(look);
      };
      waiting.add(look);
      look();
    });
}
