import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const REPOSITORY = join(import.meta.dirname, "../../../..");
/** Inputs after public bug reports, with the right answers. */
export const CASES = join(REPOSITORY, "fixtures/cases");

const MAIN = join(REPOSITORY, "apps/simulator/src/main.ts");

export interface DepidRun {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `depid` as a user would, in the repository's folder. */
export async function runDepid(...args: readonly string[]): Promise<DepidRun> {
  const child = spawn(process.execPath, ["--conditions=@depid/source", "--import", "tsx", MAIN, ...args], {
    cwd: REPOSITORY,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const text = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (text.stdout += chunk));
  child.stderr.on("data", (chunk) => (text.stderr += chunk));
  const [status] = await once(child, "close");
  return { status, ...text };
}
