import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { builtCheckout, takeAgainst } from "./checkout.ts";

const REPOSITORY = resolve(import.meta.dirname, "..");
const ROUNDS = 5;

/**
 * The CPU time that `depid diff` takes for two build directories, or two steps of a history, as a ratio to that of another commit (`--against COMMIT`, built in a clone
 * of its own) or to a floor: a process that reads, unpacks and parses each signature file, or line, once and does nothing with it.
 *
 * @param args two build directories or two `HISTORY@STEP`, and `--against COMMIT`
 */
export async function benchDiff(args: readonly string[]): Promise<void> {
  const { rest: builds, against: commit } = takeAgainst(args);
  const [before, after] = builds;
  if (before === undefined || after === undefined || builds.length > 2) {
    process.stdout.write(
      "diff: needs two build directories, or steps of a history: npm run bench -- diff A B [--against COMMIT]\n",
    );
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), "depid-diff-"));
  try {
    const inputs = [resolve(before), resolve(after)];
    const candidates: Candidate[] = [
      { name: "depid diff", command: [join(REPOSITORY, DEPID), "diff", ...inputs] },
      commit === undefined
        ? { name: "floor: read, unpack, parse", command: [join(import.meta.dirname, "diff-floor.mjs"), ...inputs] }
        : { name: `depid diff of ${commit}`, command: [join(builtCheckout(commit, folder), DEPID), "diff", ...inputs] },
    ];
    const best = candidates.map(() => Number.POSITIVE_INFINITY);
    for (let round = 0; round < ROUNDS; round++) {
      candidates.forEach((candidate, i) => {
        best[i] = Math.min(best[i] as number, cpuSeconds(candidate));
      });
    }
    const baseline = best[1] as number;
    process.stdout.write(`\ndiff of two builds: seconds of CPU (user and system), the least of ${ROUNDS}\n`);
    candidates.forEach(({ name }, i) => {
      const seconds = best[i] as number;
      process.stdout.write(
        `${name.padEnd(40)}${seconds.toFixed(2).padStart(8)} s ${(seconds / baseline).toFixed(2).padStart(6)} x\n`,
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const DEPID = "apps/simulator/bin/depid.js";

interface Candidate {
  readonly name: string;
  /** Of node. */
  readonly command: readonly string[];
}

/** What a process of its own takes. It needs GNU time. */
function cpuSeconds({ name, command }: Candidate): number {
  const { status, stderr } = spawnSync("/usr/bin/env", ["time", "-f", "%U %S", process.execPath, ...command], {
    encoding: "utf8",
    maxBuffer: 1024 ** 3,
  });
  const [, user, system] = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(stderr) ?? [];
  // 1: builds that differ
  if ((status !== 0 && status !== 1) || user === undefined) throw new Error(`${name}: ${stderr.slice(-2000)}`);
  return Number(user) + Number(system);
}
