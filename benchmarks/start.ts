import { spawnSync } from "node:child_process";
import { join } from "node:path";

const REPOSITORY = join(import.meta.dirname, "..");
const ROUNDS = 5;
/** Processes one after another that are timed as one: a single one is too short for the clock. */
const RUNS = 10;

const DEPID = "apps/simulator/bin/depid.js";
const LINES: readonly (readonly string[])[] = [
  ["--input-type=module", "--eval", ""],
  [DEPID, "--help"],
  [DEPID, "replay", "--help"],
  [DEPID, "diff", "--help"],
  ["apps/hashserv/bin/depid-hashserv.js", "--help"],
  ["apps/hashserv/bin/depid-hashclient.js", "--help"],
];

/** The CPU time that programs take to say their help, against a Node that does nothing. It needs `npm run build` before, and GNU time. */
export function benchStart(): void {
  const best = LINES.map(() => Number.POSITIVE_INFINITY);
  for (let round = 0; round < ROUNDS; round++) {
    LINES.forEach((line, i) => {
      best[i] = Math.min(best[i] as number, cpuSeconds(line));
    });
  }
  const baseline = best[0] as number;
  process.stdout.write(`\nstart: CPU time (user and system) of a process, the least of ${ROUNDS} rounds of ${RUNS}\n`);
  LINES.forEach((line, i) => {
    const name = i === 0 ? "floor: Node, an empty module" : line.join(" ").replace(/^.*\/(.*)\.js/, "$1");
    const seconds = best[i] as number;
    const ratio = (seconds / baseline).toFixed(2);
    process.stdout.write(`${name.padEnd(40)}${(seconds * 1000).toFixed(0).padStart(8)} ms ${ratio.padStart(6)} x\n`);
  });
}

function cpuSeconds(args: readonly string[]): number {
  const loop = `for _ in $(seq ${RUNS}); do "$@" > /dev/null || exit 1; done`;
  const timed = ["-f", "%U %S", "sh", "-c", loop, "sh", process.execPath, ...args];
  const { status, stderr } = spawnSync("/usr/bin/env", ["time", ...timed], { cwd: REPOSITORY, encoding: "utf8" });
  const [, user, system] = /(\d+\.\d+) (\d+\.\d+)\s*$/.exec(stderr) ?? [];
  if (status !== 0 || user === undefined) throw new Error(`${args.join(" ")}: ${stderr.slice(-2000)}`);
  return (Number(user) + Number(system)) / RUNS;
}
