import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runDepid } from "../../apps/simulator/src/testing/run-depid.ts";
import type { Example } from "./example.ts";
import { REPLAY } from "./replay.ts";

/** Runs, which are written to a file: those of all replays that are shown, as a run has their report. */
export const RUNS: readonly Example[] = REPLAY.map(({ what, prepare }) => ({
  what,
  async print(folder) {
    const file = join(folder, "run.json");
    const { stderr } = await runDepid(...(await prepare(folder)), "--record", file);
    return readFile(file, "utf8").catch((cause) => {
      throw new Error(`nothing recorded: ${stderr}`, { cause });
    });
  },
}));
