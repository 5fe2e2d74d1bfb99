import { fork } from "node:child_process";
import { join } from "node:path";
import type { Load, Result } from "./load.ts";

/** The process that makes load. */
export interface Generator {
  run(port: number, load: Load): Promise<Result>;
  /** Ends a load that goes on until told. */
  stop(): void;
  close(): void;
}

export function startGenerator(): Generator {
  const child = fork(join(import.meta.dirname, "load.ts"), {
    execArgv: ["--import", "tsx", "--conditions=@depid/source"],
  });
  return {
    run: (port, load) =>
      new Promise((resolve, reject) => {
        child.once("message", (result: Result | { error: string }) => {
          if ("error" in result) reject(new Error(`${load.type}: ${result.error}`));
          else resolve(result);
        });
        child.send({ port, load });
      }),
    stop: () => void child.send("stop"),
    close: () => void child.kill(),
  };
}
