import { runDepid } from "../program.ts";
import type { Shutdown } from "../shutdown.ts";

/** Runs a line of `depid`, cut at blanks, within this process, where starting takes no time. It sees our working directory. */
export async function runInProcess(line: string, shutdown: Shutdown) {
  const said = { stdout: "", stderr: "" };
  const restore = (["stdout", "stderr"] as const).map((name) => {
    const { write } = process[name];
    process[name].write = (text: string | Uint8Array) => {
      said[name] += String(text);
      return true;
    };
    return () => {
      process[name].write = write;
    };
  });
  try {
    await runDepid(line === "" ? [] : line.split(" "), shutdown);
  } finally {
    for (const each of restore) each();
  }
  return { status: process.exitCode, ...said };
}
