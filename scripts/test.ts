import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { basename, join } from "node:path";
import { type Count, closingLine, countFile, readCount } from "../tests/count/count.ts";
import { listPackageFolders, listTestFolders } from "../tests/folders.ts";

/**
 * `npm test`: the tests of all packages, and those of the repository, as tasks of turbo, which replays results whose inputs are what they
 * were; then what they come to. What it is given goes to turbo: `npm test -- --force` replays nothing.
 */
const ROOT = join(import.meta.dirname, "..");
/** Two processes at a time, each with as many workers as there are processors: much of what tests do is waiting. */
const CONCURRENCY = 2;
/** Where tests reach for what turbo cannot see: a result with these is for this run alone. */
const OUTSIDE = ["BITBAKE_DIR", "OE_CORE_DIR", "HASHSERV_TEST_POSTGRES"];

const rooms = listTestFolders(ROOT);
const folders = [...rooms, ...listPackageFolders(ROOT)];
const run = `${process.pid}-${Date.now()}`;
// A result that stands there at the end is of this run or from the cache.
for (const folder of folders) rmSync(countFile(join(ROOT, folder)), { force: true });

const force = OUTSIDE.some((name) => process.env[name]) ? ["--force"] : [];
const turbo = spawn(
  "npx",
  [
    "turbo",
    "run",
    "test",
    ...rooms.map((folder) => `//#test:${basename(folder)}`),
    "--env-mode=loose",
    `--concurrency=${CONCURRENCY}`,
    "--continue=always",
    "--output-logs=new-only",
    "--log-order=grouped",
    ...force,
    ...process.argv.slice(2),
  ],
  // Strings that differ where a result may: turbo takes them for inputs (turbo.json).
  {
    cwd: ROOT,
    stdio: "inherit",
    env: {
      ...process.env,
      DEPID_TEST_RUN: run,
      DEPID_TEST_BUILT: "1",
      DEPID_TEST_NODE: `${process.version} ${process.platform} ${process.arch}`,
    },
  },
);
const [status] = (await once(turbo, "exit")) as [number | null];

/** Of tests that did not get so far as to count: one failure, in this run. */
const NO_COUNT: Count = { run, passed: 0, failed: 1, skipped: 0, failures: ["the tests did not run to their end"] };
const counts = folders.map((folder) => ({ folder, ...(readCount(join(ROOT, folder)) ?? NO_COUNT) }));
const sum = (key: "passed" | "failed" | "skipped") => counts.reduce((all, count) => all + count[key], 0);
const replayed = counts.filter((count) => count.run !== run);

for (const { folder, failures } of counts)
  for (const failure of failures) process.stdout.write(`FAILED  ${folder}: ${failure}\n`);
if (replayed.length > 0) {
  const passed = replayed.reduce((all, count) => all + count.passed, 0);
  process.stdout.write(
    `${passed} of the passed were not run again, as nothing they depend on has changed (npm test -- --force runs all): ${replayed.map(({ folder }) => folder).join(", ")}\n`,
  );
}
const failed = sum("failed");
process.stdout.write(`\n${closingLine({ passed: sum("passed"), failed, skipped: sum("skipped") })}`);
process.exitCode = failed > 0 || status !== 0 ? 1 : 0;
